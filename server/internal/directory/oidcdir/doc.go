// Package oidcdir signs people in by OpenID Connect: Keycloak, AD FS, Entra ID and the like. It makes the address that the
// person's browser opens and turns the code that comes back into a person. It never sees his password.
//
// What the provider answers is not trusted before its signature, issuer, audience, nonce and time were checked, and then it is
// checked like a form. Answers are bounded in time and bytes, redirects are not followed.
//
// Package app makes a Dir when there is an issuer; auth asks it through a port of its own. Start with New.
package oidcdir
