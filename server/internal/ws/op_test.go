package ws

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/presence"
	"himsg/shared/wire"
)

// emptyChat answers everything with nothing; its Sync has a bug.
type emptyChat struct{}

func (emptyChat) Submit(_ context.Context, _ model.Actor, _ wire.SendRequest, done func(wire.SendReply, error)) {
	done(wire.SendReply{}, nil)
}

func (emptyChat) Delete(context.Context, model.Actor, int64) (r wire.RevReply, err error) {
	return r, err
}

func (emptyChat) Edit(context.Context, model.Actor, wire.EditRequest) (r wire.RevReply, err error) {
	return r, err
}

func (emptyChat) React(context.Context, model.Actor, wire.ReactRequest) (r wire.RevReply, err error) {
	return r, err
}

func (emptyChat) Pin(context.Context, model.Actor, wire.PinRequest) (r wire.RevReply, err error) {
	return r, err
}

func (emptyChat) Hide(context.Context, model.Actor, wire.HideRequest) (r wire.Empty, err error) {
	return r, err
}

func (emptyChat) Hidden(context.Context, model.Actor, wire.HiddenRequest) (r wire.HiddenReply, err error) {
	return r, err
}

func (emptyChat) Messages(context.Context, model.Actor, wire.MessagesRequest) (r wire.MessagesReply, err error) {
	return r, err
}

func (emptyChat) Sync(context.Context, model.Actor, wire.SyncRequest, []model.RoomRef) (wire.SyncReply, error) {
	panic("a bug")
}

func (emptyChat) Changes(context.Context, model.Actor, wire.ChangesRequest) (r wire.ChangesReply, err error) {
	return r, err
}

func (emptyChat) History(context.Context, model.Actor, wire.HistoryRequest) (r wire.HistoryReply, err error) {
	return r, err
}

func (emptyChat) Search(context.Context, model.Actor, wire.SearchRequest) (r wire.SearchReply, err error) {
	return r, err
}

func (emptyChat) Read(context.Context, model.Actor, wire.ReadRequest) (r wire.ReadReply, err error) {
	return r, err
}

func (emptyChat) Reads(context.Context, model.Actor, wire.ReadsRequest) (r wire.ReadsReply, err error) {
	return r, err
}

func (emptyChat) Readers(context.Context, model.Actor, wire.ReadersRequest) (r wire.ReadersReply, err error) {
	return r, err
}

func (emptyChat) SetMy(context.Context, model.Actor, wire.MyRequest) (r wire.MyReply, err error) {
	return r, err
}

func (emptyChat) Typing(context.Context, model.Actor, wire.TypingRequest) error { return nil }

type nobody struct{}

func (nobody) Publish(context.Context, bus.Event) {}

// lineTo makes a connection without a socket, and the log of what goes wrong on it.
func lineTo(t testing.TB) (*conn, *strings.Builder) {
	var logged strings.Builder
	tracker := presence.New(presence.Options{Publisher: nobody{}, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(tracker.Close)
	h := New(Options{Presence: tracker, Clock: time.Now, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	t.Cleanup(h.Close)
	c := &conn{
		Handler: h, chat: emptyChat{}, device: tracker.Connect("u", 1), session: hub.NewSession(hub.Who{}, func(bool) {}),
		open: make(chan struct{}, openLimit), beside: make(chan struct{}, besideMost),
	}
	c.ctx, c.cancel = context.WithCancel(t.Context())
	t.Cleanup(c.cancel)
	return c, &logged
}

// FuzzOperations feeds every operation with foreign bytes: each answers exactly once, whatever comes.
func FuzzOperations(f *testing.F) {
	for _, d := range []string{
		`{}`, `null`, `[]`, `7`, `"x"`, ``, `{"rooms":{"a":[1,2]},"directory_rev":3}`, `{"room_uuid":"a","after_rev":1e3}`,
		`{"room_uuid":"a","client_id":"b","text":"\ud800"}`, `{"state":"dnd"}`, strings.Repeat("[", 20000),
	} {
		f.Add([]byte(d))
	}
	c, _ := lineTo(f)
	f.Fuzz(func(t *testing.T, d []byte) {
		for name, op := range c.operations {
			if name == wire.OpSync {
				continue // it has a bug
			}
			answers := 0
			op.run(t.Context(), c, json.RawMessage(d), func(any, error) { answers++ })
			if answers != 1 {
				t.Errorf("%s answered %d times to %q", name, answers, d)
			}
		}
	})
}

func TestBugInAnOperationCostsAnError(t *testing.T) {
	c, logged := lineTo(t)
	c.receive([]byte("{\"id\":1,\"op\":\"sync\"}\n{\"id\":2,\"op\":\"history\"}"))
	c.running.Wait()
	var b hub.Batch
	c.session.Take(&b, 64, 1<<20)
	for _, out := range b.Out {
		var e wire.Envelope
		if err := json.Unmarshal(out, &e); err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Re == 1 && (e.Err == nil || e.Err.Code != wire.Internal || strings.Contains(e.Err.Message, "bug")):
			t.Errorf("reply %s", out)
		case e.Re == 2 && e.Err != nil:
			t.Errorf("reply %s", out)
		}
	}
	if b.Replies != 2 || !strings.Contains(logged.String(), "a bug") {
		t.Errorf("%d replies, log %s", b.Replies, logged)
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"": "ko", "en": "en", "en-US,en;q=0.9": "en", "fr, EN;q=0.8": "en", "ko-KR,en": "ko", "de": "ko", "*": "ko",
	} {
		if got := language(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
