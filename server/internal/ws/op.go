package ws

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// opLimit is how long an operation may take.
const opLimit = 15 * time.Second

var (
	textUnknownOp = errs.Text{KO: "알 수 없는 요청입니다.", EN: "This request is not known."}
	textBadData   = errs.Text{KO: "요청 형식이 올바르지 않습니다.", EN: "The request is not valid."}
)

// operation does one request. It calls done once, from any goroutine.
type operation struct {
	run func(ctx context.Context, c *conn, d json.RawMessage, done func(any, error))
	// ordered operations are begun one after the other, in the order of their requests, and don't wait in run; the others
	// run beside each other.
	ordered bool
}

// operations is the table of all that a client can ask for.
func operations() map[wire.Op]operation {
	return map[wire.Op]operation{
		wire.OpSend:     {run: runSend, ordered: true},
		wire.OpSync:     {run: answer(runSync)},
		wire.OpChanges:  {run: answer(runChanges)},
		wire.OpHistory:  {run: answer(runHistory)},
		wire.OpMessages: {run: answer(runMessages)},
		wire.OpEdit:     {run: answer(runEdit)},
		wire.OpSearch:   {run: answer(runSearch)},
		wire.OpDelete:   {run: answer(runDelete)},
		wire.OpHide:     {run: answer(runHide)},
		wire.OpHidden:   {run: answer(runHidden)},
		wire.OpReact:    {run: answer(runReact)},
		wire.OpPin:      {run: answer(runPin)},
		wire.OpRead:     {run: answer(runRead)},
		wire.OpReads:    {run: answer(runReads)},
		wire.OpReaders:  {run: answer(runReaders)},
		wire.OpMy:       {run: answer(runMy)},
		wire.OpTyping:   {run: answer(runTyping)},
		wire.OpPresence: {run: answer(runPresence)},
	}
}

// Ops names all operations, sorted.
func Ops() []wire.Op {
	var names []wire.Op
	for name := range operations() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// decode reads a request's data. Unknown fields are left alone: a newer client may send them.
func decode[Req any](d json.RawMessage) (req Req, err error) {
	if len(d) == 0 {
		return req, nil
	}
	if err := wire.Unmarshal(d, &req); err != nil {
		return req, &errs.Error{Code: wire.BadRequest, Text: textBadData, Err: err}
	}
	return req, nil
}

// answer makes an operation of a function that returns its reply.
func answer[Req, Rep any](fn func(context.Context, *conn, Req) (Rep, error)) func(
	context.Context, *conn, json.RawMessage, func(any, error),
) {
	return func(ctx context.Context, c *conn, d json.RawMessage, done func(any, error)) {
		req, err := decode[Req](d)
		if err != nil {
			done(nil, err)
			return
		}
		reply, err := fn(ctx, c, req)
		done(reply, err)
	}
}

func runSend(ctx context.Context, c *conn, d json.RawMessage, done func(any, error)) {
	req, err := decode[wire.SendRequest](d)
	if err != nil {
		done(nil, err)
		return
	}
	c.chat.Submit(ctx, c.actor, req, func(reply wire.SendReply, err error) { done(reply, err) })
}

// runSync also gives a session back what a dropped queue took and no sync request holds: who is there.
func runSync(ctx context.Context, c *conn, req wire.SyncRequest) (wire.SyncReply, error) {
	if c.session.Overflowed() {
		c.pushPresence()
	}
	return c.chat.Sync(ctx, c.actor, req, refs(c.session.Rooms()))
}

// refs are the hub's rooms as the service compares them.
func refs(rooms []hub.RoomRev) []model.RoomRef {
	if rooms == nil {
		return nil
	}
	out := make([]model.RoomRef, 0, len(rooms))
	for _, r := range rooms {
		out = append(out, model.RoomRef{RoomID: r.RoomID, RoomUUID: r.RoomUUID, Rev: r.Rev, MyRev: r.MyRev, Hidden: r.Hidden})
	}
	return out
}

func runChanges(ctx context.Context, c *conn, req wire.ChangesRequest) (wire.ChangesReply, error) {
	return c.chat.Changes(ctx, c.actor, req)
}

func runHistory(ctx context.Context, c *conn, req wire.HistoryRequest) (wire.HistoryReply, error) {
	return c.chat.History(ctx, c.actor, req)
}

func runMessages(ctx context.Context, c *conn, req wire.MessagesRequest) (wire.MessagesReply, error) {
	return c.chat.Messages(ctx, c.actor, req)
}

func runEdit(ctx context.Context, c *conn, req wire.EditRequest) (wire.RevReply, error) {
	return c.chat.Edit(ctx, c.actor, req)
}

func runHide(ctx context.Context, c *conn, req wire.HideRequest) (wire.Empty, error) {
	return c.chat.Hide(ctx, c.actor, req)
}

func runHidden(ctx context.Context, c *conn, req wire.HiddenRequest) (wire.HiddenReply, error) {
	return c.chat.Hidden(ctx, c.actor, req)
}

func runReact(ctx context.Context, c *conn, req wire.ReactRequest) (wire.RevReply, error) {
	return c.chat.React(ctx, c.actor, req)
}

func runPin(ctx context.Context, c *conn, req wire.PinRequest) (wire.RevReply, error) {
	return c.chat.Pin(ctx, c.actor, req)
}

func runSearch(ctx context.Context, c *conn, req wire.SearchRequest) (wire.SearchReply, error) {
	return c.chat.Search(ctx, c.actor, req)
}

func runDelete(ctx context.Context, c *conn, req wire.DeleteRequest) (wire.RevReply, error) {
	return c.chat.Delete(ctx, c.actor, req.MessageID)
}

func runRead(ctx context.Context, c *conn, req wire.ReadRequest) (wire.ReadReply, error) {
	return c.chat.Read(ctx, c.actor, req)
}

func runReads(ctx context.Context, c *conn, req wire.ReadsRequest) (wire.ReadsReply, error) {
	return c.chat.Reads(ctx, c.actor, req)
}

func runReaders(ctx context.Context, c *conn, req wire.ReadersRequest) (wire.ReadersReply, error) {
	return c.chat.Readers(ctx, c.actor, req)
}

func runMy(ctx context.Context, c *conn, req wire.MyRequest) (wire.MyReply, error) {
	return c.chat.SetMy(ctx, c.actor, req)
}

func runTyping(ctx context.Context, c *conn, req wire.TypingRequest) (wire.Empty, error) {
	return wire.Empty{}, c.chat.Typing(ctx, c.actor, req)
}

func runPresence(_ context.Context, c *conn, req wire.PresenceRequest) (wire.Empty, error) {
	return wire.Empty{}, c.device.Set(req.State)
}
