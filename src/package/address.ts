/** The provider's type: the prefix of its resources and the local name in `required_providers`. */
export const providerType = "konnectaudit";

/**
 * Where Terraform looks the provider up.
 *
 * The host `local` has no registry: nobody else can publish under the name; a published address takes its
 * place here and nowhere else.
 */
export const providerSource = `local/konnect-audit/${providerType}`;
