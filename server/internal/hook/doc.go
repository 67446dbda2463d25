// Package hook lets programs in: webhooks that post into a room, tokens with scopes, and events that the server posts to others.
// What they write goes through package chat as people's messages do, in the name of a bot. Package api and the composition root use
// it; start with Service, and with Courier for outgoing events. Beneath it, target does the posting.
package hook
