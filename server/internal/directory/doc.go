// Package directory knows the people and departments of the company and tells everybody when one changes.
//
// api and ws read it, admin tells it of changes, sqlstore implements its port. Start with Service.
package directory
