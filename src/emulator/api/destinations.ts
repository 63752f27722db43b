import { randomUuid } from "../ids.js";
import type { Destination, Organization } from "../organization.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { BodyReader, readConnectionPatch } from "./body.js";
import { type Answer, apiTime, type Call, type Operation, visibleConnection } from "./operation.js";
import { cutPage, pageAnswer, readPageRequest } from "./pages.js";
import { invalid, ListQuery } from "./query.js";

const collection = "/audit-log-destinations";
const single = `${collection}/{auditLogDestinationId}`;
const versions = ["v2", "v3"] as const;

/** Destinations belong to the organisation, whatever region's host they are called on. */
export const destinationOperations: readonly Operation[] = [
  {
    method: "GET",
    versions,
    path: collection,
    check: { resource: "destinations", action: "list" },
    handle: listDestinations,
  },
  {
    method: "POST",
    versions,
    path: collection,
    check: { resource: "destinations", action: "create" },
    handle: createDestination,
  },
  {
    method: "GET",
    versions,
    path: single,
    check: { resource: "destinations/{auditLogDestinationId}", action: "retrieve" },
    handle: (call) => ({ status: 200, body: show(find(call)) }),
  },
  {
    method: "PATCH",
    versions,
    path: single,
    check: { resource: "destinations/{auditLogDestinationId}", action: "edit" },
    handle: patchDestination,
  },
  {
    method: "DELETE",
    versions,
    path: single,
    check: { resource: "destinations/{auditLogDestinationId}", action: "delete" },
    handle: deleteDestination,
  },
];

const keyPattern = /^\d{16} [0-9a-f-]{36}$/;
const nameFilters = ["filter[name]", "filter[name][eq]", "filter[name][contains]"] as const;

function listDestinations(
  { organization, version, query: parameters }: Call,
  world: World,
): Answer {
  const query = new ListQuery(parameters, nameFilters);
  const request = readPageRequest(query, keyPattern, {
    defaultSize: 10,
    maxSize: 1000,
    beyond: "cap",
  });
  const matches = readNameFilter(query);
  const items = [...organization.destinations.values()].filter(({ name }) => matches(name));
  items.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const page = cutPage({ items, keyOf }, request);
  const linkTo = (neighbour: [string, string][]) =>
    `/api/${version}${collection}?${new URLSearchParams(neighbour)}`;
  return pageAnswer(page, page.items.map(show), query, request, linkTo, "meta", world);
}

/** `filter[name]=x` and `filter[name][eq]=x` are exact, `filter[name][contains]=x` is not; one at a time. */
function readNameFilter(query: ListQuery): (name: string) => boolean {
  const [plain, equal, part] = nameFilters.map((name) => query.filter(name));
  const given = [plain, equal, part].filter((value) => value !== undefined);
  if (given.length > 1) throw invalid("filter[name]", "must have one condition");
  const exact = plain ?? equal;
  return (name) => (exact ?? name) === name && name.includes(part ?? "");
}

function createDestination(call: Call, world: World): Answer {
  const body = new BodyReader(call.body);
  const changes = readConnectionPatch(body, world.knobs);
  const now = world.now();
  const destination: Destination = {
    id: randomUuid(world.random),
    name: required("name", readName(body)),
    endpoint: required("endpoint", changes.endpoint),
    log_format: required("log_format", changes.log_format),
    authorization: required("authorization", changes.authorization),
    skip_ssl_verification: changes.skip_ssl_verification ?? false,
    createdAt: now,
    updatedAt: now,
  };
  checkNameIsFree(call.organization, destination);
  call.organization.destinations.set(destination.id, destination);
  return { status: 201, body: show(destination) };
}

function required<Value>(field: string, value: Value | undefined): Value {
  if (value === undefined) throw problems.blank(field);
  return value;
}

function patchDestination(call: Call, world: World): Answer {
  const before = find(call);
  const body = new BodyReader(call.body);
  const after: Destination = {
    ...before,
    ...readConnectionPatch(body, world.knobs),
    name: readName(body) ?? before.name,
    updatedAt: world.now(),
  };
  checkNameIsFree(call.organization, after);
  call.organization.destinations.set(after.id, after);
  world.destinationChanged(call.organization, after.id);
  return { status: 200, body: show(after) };
}

function deleteDestination(call: Call): Answer {
  const { id } = find(call);
  if (call.organization.isInUse(id)) throw problems.destinationInUse();
  call.organization.destinations.delete(id);
  return { status: 204 };
}

function find({ organization, params }: Call): Destination {
  const destination = organization.destinations.get(params.auditLogDestinationId ?? "");
  if (!destination) throw problems.notFound();
  return destination;
}

function readName(body: BodyReader): string | undefined {
  const name = body.string("name");
  if (name !== undefined && name.trim() === "") throw problems.blank("name");
  return name;
}

function checkNameIsFree({ destinations }: Organization, { id, name }: Destination): void {
  const isTaken = [...destinations.values()].some(
    (other) => other.name === name && other.id !== id,
  );
  if (isTaken) throw problems.destinationNameTaken();
}

/** Creation time first: the order does not change while a caller pages through. */
function keyOf({ createdAt, id }: Destination): string {
  return `${String(createdAt).padStart(16, "0")} ${id}`;
}

function show(destination: Destination): object {
  return {
    id: destination.id,
    name: destination.name,
    ...visibleConnection(destination),
    created_at: apiTime(destination.createdAt),
    updated_at: apiTime(destination.updatedAt),
  };
}
