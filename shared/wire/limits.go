package wire

import "time"

// Limits of protocol version 1. The server enforces them; a client may check early to save a round trip.
const (
	Subprotocol       = "himsg.v1"
	MaxFrameBytes     = 64 << 10 // inbound, one WebSocket message
	MaxTextRunes      = 10_000   // one message's text, code points after NFC
	MaxNameRunes      = 100      // person, room, department
	MaxFieldRunes     = 200      // other short texts: email, position …
	MaxRoomMembers    = 5_000
	MaxSummaryMembers = 100 // members listed in a RoomSummary; more come by page
	MaxChangesLimit   = 200
	MaxHistoryLimit   = 100
	MaxSyncRooms      = 1_000 // rooms that a sync request may name; it keeps the frame below MaxFrameBytes
	MaxChangesBehind  = 2_000 // a client further behind gets reset instead of changes
	MinPasswordRunes  = 8
	MaxPasswordRunes  = 128
	MaxEmojiBytes     = 64
	MaxMentions       = 100 // people named by one message
	MaxReactions      = 20  // different emoji under one message
	MaxPins           = 50  // pinned messages of a room
	MaxMessagesSeqs   = 100 // messages asked for by seq at a time
	MaxHideIDs        = 100 // messages hidden at a time
	MaxHiddenLimit    = 500
	MaxReadersLimit   = 100
	MaxMembersLimit   = 200 // members of a room, a page
	MinQueryRunes     = 2   // of a search, after trimming
	MaxQueryRunes     = 200
	MaxSearchLimit    = 50
	MaxPictureBytes   = 4 << 20 // of a room's picture as it is sent; the server keeps a small one
	MaxMentionSeqs    = 50      // unread mentions that a summary lists

	PingEvery    = 25 * time.Second // the server pings
	SilenceLimit = 60 * time.Second // and either side gives up after this much silence
	TypingEvery  = 3 * time.Second  // at most one typing op per room in this time

	QueueEvents = 256     // a session's outgoing queue: events
	QueueBytes  = 1 << 20 // and bytes; full means one resync event instead
)

// Close codes of the WebSocket (RFC 6455 leaves 4000–4999 to applications).
const (
	CloseRestart  = 1012 // a planned restart: come back after the spread delay
	CloseRevoked  = 4001 // the session ended: sign in again
	CloseProtocol = 4002 // a frame that is not of this protocol
	ClosePolicy   = 4008 // rate limit or policy: come back later
)
