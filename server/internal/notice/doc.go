// Package notice is what administrators tell the company or departments of it, who has read it, and who has confirmed it.
// docs/adr/0017-notices.md says why a notice is no message.
//
// api calls it, sqlstore implements its port. Start with Service.
package notice
