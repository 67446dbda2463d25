// Package ldapdir knows the people of an LDAP server: OpenLDAP or Active Directory. It says who there is and whether a
// password is right; what becomes of it is decided by those who ask. It never writes.
//
// What the server answers is not trusted: it is bounded in time, bytes and number, and its texts are checked like a form's.
//
// Package app makes a Dir when there is an address; auth and directory ask it through ports of their own. Start with New.
package ldapdir
