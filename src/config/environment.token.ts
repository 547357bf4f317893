/** The name under which the settings are injected. */
export const ENVIRONMENT = Symbol('Environment');
