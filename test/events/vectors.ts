import { createSigningKey } from "../../src/events/jwks.js";
import { signedIdentity, signedPart } from "../../src/events/signed-part.js";

/** RFC 8032 section 7.1, TEST 1: its seed, and what it signs below was made with another implementation. */
export const vectorKey = createSigningKey(
  Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex"),
);

const cefPayload =
  "2025-06-18T21:02:36Z konghq.com CEF:0|KongInc|Konnect|1.0|konnect|Authz.control-planes|1|rt=1750280466889 src=127.0.0.6 action=list granted=true org_id=777db3e4-5cb7-4dd5-b51c-9878096a6999 principal_id=eb999f01-5976-4f4b-9fbc-dd5d514bd675 trace_id=3959872677347089807 user_agent=grpc-node-js/1.12.4";
const jsonPayload =
  '{"action":"read","cef_version":"0","event_class_id":"identity","event_product":"Konnect","event_ts":"2023-04-28T20:52:09Z","event_vendor":"KongInc","event_version":"1.0","granted":true,"name":"Authz.identity-provider","org_id":"b065b594-6afc-4658-9101-5d9cf3f36b7b","principal_id":"87655c36-8d63-48fe-9a1e-53b28dfbc19b","rt":1682715129807,"severity":1,"src":"127.0.0.6","trace_id":3895213347334635099,"user_agent":"grpc-go/1.54.0"}';

export const signedByVectorKey = {
  cef: `${cefPayload} sig=0p2Mun-J_9ctbF6iR5p_To24sbL6dfxaIBQTEZa-tUJtBaPLjQd0tba_EVBx005FPBIbbq_6kHwPvGMDGRnIBg`,
  json: `${jsonPayload.slice(0, -1)},"sig":"K2F7ANbU3OMR8mGHzdaD4-liByuDdORCnTO_G4KvAARDmp9wpJc1tuGzn34SBMlXDkEhTaX-tsXp7ubtDqsGDg"}`,
};

/** Lines as published, whose publishers replaced ids in them: well-formed signatures of something else. */
export const altered = {
  authorization: `${cefPayload} sig=KbLaBhQFnggT_8CyC95b777R1_fGvvLVDn7awjZK8eZLdGPrSvnS-sxJw63j930eKr-VTsQv8-TQTD_GVmAPAQ`,
  portalLogin:
    "2025-06-23T14:28:47Z konghq.com CEF:0|KongInc|Dev-Portal|1.0|AUTHENTICATION_TYPE_BASIC|AUTHENTICATION_OUTCOME_SUCCESS|0|rt=1750688927556 src=172.71.232.22 request=/api/v2/developer/authenticate success=true org_id=998db3e4-5cb7-4dd5-b51c-9878096a6999 portal_id=3e551b39-227d-4297-b911-e68fd5d77c17 principal_id=a3d2699a-0ed3-4417-bb10-d8e74a1513a4 trace_id=3360194145499877252 user_agent= sig=XQC3OSFxLbi5dy2-o4xAXHT-x8oW5Df-zVsACWQLMU9Q-sPnEyk5CVs4JHwuRcwO0QNLsNaP1wsyrXYPeneXDQ",
};

/** What tells a signed line from others; `undefined` for a line without a signature. */
export function identityOf(line: string): string | undefined {
  const part = signedPart(line);
  return part && signedIdentity(part, line);
}
