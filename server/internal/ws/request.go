package ws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/hub"
	"himsg/shared/wire"
)

// receive starts what a frame asks for. It waits while too many replies are open: that slows the client down.
func (c *conn) receive(data []byte) {
	requests, err := wire.DecodeRequests(data)
	if err != nil {
		c.session.Close(hub.Closing{Code: wire.CloseProtocol, Reason: "not a protocol frame"}, true)
		return
	}
	for _, req := range requests {
		if !c.take(c.open) {
			return
		}
		wait, flood := c.limits.check(req.Op, c.Clock())
		switch op, known := c.operations[req.Op]; {
		case flood:
			c.session.Close(hub.Closing{Code: wire.ClosePolicy, Reason: "too many requests"}, true)
			return
		case wait > 0:
			c.reply(req, nil, &errs.Error{Code: wire.RateLimited, RetryAfter: wait})
		case !known:
			c.reply(req, nil, errs.E(wire.BadRequest, wire.ReasonUnknownOp, textUnknownOp))
		case op.ordered:
			c.run(op, req)
		case c.take(c.beside):
			c.running.Go(func() {
				defer func() { <-c.beside }()
				c.run(op, req)
			})
		default:
			return
		}
	}
}

// take waits for a place, and reports false when the line ended.
func (c *conn) take(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	case <-c.ctx.Done():
		return false
	}
}

// run does one request and replies. A bug in it costs the client an error and nobody else anything.
func (c *conn) run(op operation, req wire.Request) {
	ctx, cancel := context.WithTimeout(c.ctx, opLimit)
	var once sync.Once
	done := func(reply any, err error) {
		once.Do(func() {
			cancel()
			c.reply(req, reply, err)
			c.answered(req.Op)
		})
	}
	defer func() {
		if p := recover(); p != nil {
			c.log().ErrorContext(ctx, "panic in operation", slog.String("op", string(req.Op)),
				slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
			done(nil, errPanic)
		}
	}()
	op.run(ctx, c, req.D, done)
}

var errPanic = errors.New("panic in operation")

// reply queues the answer to a request.
func (c *conn) reply(req wire.Request, reply any, err error) {
	if err == nil {
		var out hub.Outgoing
		if out, err = replyEnvelope(req.ID, "d", reply); err == nil {
			c.session.Reply(out)
			return
		}
	}
	out, err := replyEnvelope(req.ID, "err", c.wireError(req, err))
	if err != nil {
		c.log().Error("encode refusal", slog.String("op", string(req.Op)), slog.Any("error", err))
		out = fmt.Appendf(nil, `{"re":%d,"err":{"code":"internal","message":""}}`, req.ID)
	}
	c.session.Reply(out)
}

// replyEnvelope is a wire.Envelope with a value in one of its fields. The value is encoded into its place: as an encoded field of an
// Envelope a page of messages took as long to be copied as to be encoded.
func replyEnvelope(re uint64, field string, value any) (hub.Outgoing, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, `{"re":%d,"%s":`, re, field)
	if err := json.NewEncoder(&out).Encode(value); err != nil {
		return nil, err
	}
	line := out.Bytes()
	line[len(line)-1] = '}' // where the encoder ends its line
	return line, nil
}

// wireError is err as the client may see it. What is the server's own fault is logged here, under the same id.
func (c *conn) wireError(req wire.Request, err error) *wire.Error {
	refusal := refusalOf(err)
	id := c.actor.SessionUUID + "/" + strconv.FormatUint(req.ID, 10)
	if refusal.Code == wire.Internal {
		c.log().Error("operation", slog.String("op", string(req.Op)), slog.String("request_id", id), slog.Any("error", err))
	}
	return refusal.Wire(c.lang, id)
}

// refusalOf is errs.As, but what ended because somebody stopped waiting is nobody's fault: who still waits may come again.
func refusalOf(err error) *errs.Error {
	refusal := errs.As(err)
	if refusal.Code == wire.Internal && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) {
		return errs.Unavailable(time.Second, err)
	}
	return refusal
}

// language picks a text's language from an Accept-Language header: the first that there is, Korean if there is none.
func language(header string) string {
	for part := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if primary == "ko" || primary == "en" {
			return primary
		}
	}
	return "ko"
}

// retryAfter is a duration in whole seconds, rounded up.
func retryAfter(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}
