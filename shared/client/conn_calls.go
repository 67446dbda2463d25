package client

import (
	"context"

	"himsg/shared/wire"
)

// This file holds the operations of a Conn in typed form. All of them fail as Call does.

// Send stores a message. A repeat with the same ClientID is harmless and returns the first one's numbers.
func (c *Conn) Send(ctx context.Context, in wire.SendRequest) (wire.SendReply, error) {
	var out wire.SendReply
	err := c.Call(ctx, wire.OpSend, in, &out)
	return out, err
}

// Delete deletes an own message for everyone. A repeat is harmless.
func (c *Conn) Delete(ctx context.Context, messageID int64) (wire.RevReply, error) {
	var out wire.RevReply
	err := c.Call(ctx, wire.OpDelete, wire.DeleteRequest{MessageID: messageID}, &out)
	return out, err
}

// Read moves the own read cursor of a room; it never moves back. A repeat is harmless.
func (c *Conn) Read(ctx context.Context, roomUUID string, seq int64) (wire.ReadReply, error) {
	var out wire.ReadReply
	err := c.Call(ctx, wire.OpRead, wire.ReadRequest{RoomUUID: roomUUID, Seq: seq}, &out)
	return out, err
}

// Reads asks who has read how far.
func (c *Conn) Reads(ctx context.Context, roomUUID string) (wire.ReadsReply, error) {
	var out wire.ReadsReply
	err := c.Call(ctx, wire.OpReads, wire.ReadsRequest{RoomUUID: roomUUID}, &out)
	return out, err
}

// History returns a page of messages before a seq, or the newest for 0. It changes no Replica: use Syncer.Latest and
// Syncer.Older for that, which know how to merge a page with events that came meanwhile.
func (c *Conn) History(ctx context.Context, in wire.HistoryRequest) (wire.HistoryReply, error) {
	var out wire.HistoryReply
	err := c.Call(ctx, wire.OpHistory, in, &out)
	return out, err
}

// Search looks for messages in the caller's rooms, the newest first; see wire.SearchRequest.
func (c *Conn) Search(ctx context.Context, in wire.SearchRequest) (wire.SearchReply, error) {
	var out wire.SearchReply
	err := c.Call(ctx, wire.OpSearch, in, &out)
	return out, err
}

// Changes returns what changed in a room after a revision.
func (c *Conn) Changes(ctx context.Context, in wire.ChangesRequest) (wire.ChangesReply, error) {
	var out wire.ChangesReply
	err := c.Call(ctx, wire.OpChanges, in, &out)
	return out, err
}

// Typing tells a room's other members that the caller is typing; at most one per wire.TypingEvery and room.
func (c *Conn) Typing(ctx context.Context, roomUUID string) error {
	return c.Call(ctx, wire.OpTyping, wire.TypingRequest{RoomUUID: roomUUID}, nil)
}

// SetPresence tells how reachable the caller is. It holds for this connection: repeat it after a reconnect.
func (c *Conn) SetPresence(ctx context.Context, state wire.PresenceState) error {
	return c.Call(ctx, wire.OpPresence, wire.PresenceRequest{State: state}, nil)
}

// Directory returns people and departments that changed after a revision. It goes over HTTP.
func (c *Conn) Directory(ctx context.Context, afterRev int64, limit int) (wire.DirectoryPage, error) {
	return c.options.Session.Directory(ctx, afterRev, limit)
}
