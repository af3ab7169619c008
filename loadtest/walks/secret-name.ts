/** Names of headers and variables whose values are secrets. */
export const secretName = /auth|cookie|token|secret|passw|pwd|session|csrf|xsrf|api-?key/i;
