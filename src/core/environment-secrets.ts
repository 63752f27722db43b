/** Names of variables that hold a secret, our own and those of CI systems and tools beside us. */
const secretName =
  /(?:^|_)(?:TOKEN|SPAT|PAT|AUTHORIZATION|PASSWORD|PASSWD|SECRET|CREDENTIAL|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|AUTH)_?KEY)$/i;
const ownSecretName =
  /^(?:KONNECT|TF_VAR)_.*KEY$|^TF_VAR_.*(?:AUTH|TOKEN|SECRET|PASSWORD|CREDENTIAL)|^TF_TOKEN_|^PGPASSWORD$/i;

const proxyName = /^(?:https?|all)_proxy$/i;
/** URLs of where Terraform keeps its state, which may hold a password. */
const backendName = /^(?:PG_CONN_STR|TF_HTTP_(?:LOCK_|UNLOCK_)?ADDRESS)$/;
const ownName = /^(?:KONNECT|TF_VAR)_/;

/** Shorter values are words or numbers, which would be taken out of every message. */
const shortest = { own: 6, foreign: 8 } as const;

/**
 * The secrets that a process was given in its environment: tokens, credentials, passwords, and the user and password of a proxy
 * or of the state's backend.
 *
 * Whoever shows foreign text takes these out of it.
 */
export function environmentSecrets(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const secrets = Object.entries(env).flatMap(([name, value]) => {
    const given = value?.trim();
    if (!given) return [];
    if (proxyName.test(name)) return proxySecrets(given);
    if (backendName.test(name)) return passwordOf(given);
    if (!secretName.test(name) && !ownSecretName.test(name)) return [];
    return given.length >= (ownName.test(name) ? shortest.own : shortest.foreign) ? [given] : [];
  });
  return [...new Set(secrets)];
}

/** User and password of a proxy's URL, and both as the `Proxy-Authorization` header carries them. */
function proxySecrets(proxy: string): string[] {
  const userinfo = userinfoOf(proxy);
  if (!userinfo) return [];
  const decoded = decode(userinfo);
  const colon = decoded.indexOf(":");
  const parts = colon < 0 ? [decoded] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return [userinfo, Buffer.from(decoded).toString("base64"), ...parts].filter(
    (part) => part !== "",
  );
}

function userinfoOf(url: string): string | undefined {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)@/i.exec(url)?.[1];
}

/** The password of a URL, as given and decoded. The user is mostly a word such as "postgres", which messages need. */
function passwordOf(url: string): string[] {
  const [, password = ""] = /^[^:]*:(.+)$/s.exec(userinfoOf(url) ?? "") ?? [];
  return [password, decode(password)].filter((part) => part !== "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
