/** Sent with every answer of the ordinary process; vercel.json holds the same for functions, and a test compares them. */
export const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', "default-src 'self'; connect-src 'self' https://*.amazonaws.com https://*.r2.cloudflarestorage.com https://*.supabase.co; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"],
  // Browsers heed it over https only (RFC 6797 8.1), so a laptop without is not locked out.
  ['Strict-Transport-Security', 'max-age=63072000'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), microphone=(), geolocation=()'],
];
