package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"himsg/shared/wire"
)

func TestTime(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	at := wire.TimeOf(time.Date(2026, 11, 22, 14, 41, 7, 123_999_999, seoul))
	b, err := json.Marshal(at)
	if err != nil || string(b) != `"2026-11-22T05:41:07.123Z"` || at.String() != "2026-11-22T05:41:07.123Z" {
		t.Errorf("%s, %v", b, err)
	}
	for text, want := range map[string]int64{
		`"2026-11-22T05:41:07.123Z"`:            at.UnixMilli(),
		`"2026-11-22T14:41:07.123456789+09:00"`: at.UnixMilli(),
		`"2026-11-22T05:41:07Z"`:                at.UnixMilli() - 123,
	} {
		var got wire.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.UnixMilli() != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`""`, `7`, `"2026-11-22"`, `"yesterday"`, `{}`} {
		if err := json.Unmarshal([]byte(text), new(wire.Time)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
	if got := wire.TimeOfMilli(at.UnixMilli()); !got.Equal(at.Time) {
		t.Errorf("of milliseconds: %v, want %v", got, at)
	}
}

// TestTimeAsFormatted: any instant is written as its layout says, those of years that have no four digits too.
func TestTimeAsFormatted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const year = 365 * 24 * 3600
		at := time.Unix(rapid.Int64Range(-3000*year, 12_000*year).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		b, err := json.Marshal(wire.Time{Time: at})
		if want := `"` + at.UTC().Format("2006-01-02T15:04:05.000Z") + `"`; err != nil || string(b) != want {
			t.Fatalf("%s, %v; want %s", b, err, want)
		}
	})
}

func TestError(t *testing.T) {
	plain := &wire.Error{Code: wire.NotFound, Message: "nothing here"}
	if plain.Error() != "not_found: nothing here" {
		t.Error(plain)
	}
	finer := &wire.Error{Code: wire.Forbidden, Reason: wire.ReasonPending, Message: "wait"}
	if finer.Error() != "forbidden (pending): wait" {
		t.Error(finer)
	}
	for code, want := range map[wire.Code]bool{
		wire.Unavailable: true, wire.RateLimited: true, wire.Internal: true,
		wire.BadRequest: false, wire.NotFound: false, wire.Conflict: false, wire.Unauthenticated: false,
	} {
		if code.Temporary() != want {
			t.Errorf("%s temporary: %v", code, !want)
		}
	}
}

func TestDecodeRequests(t *testing.T) {
	many := func(n int) string { return strings.Repeat(`{"id":1,"op":"read"}`+"\n", n) }
	for name, c := range map[string]struct {
		frame string
		want  int // requests; -1: ErrFrame
	}{
		"one":               {`{"id":7,"op":"send","d":{"text":"안녕"}}`, 1},
		"lines and blanks":  {"{\"id\":1,\"op\":\"a\"}\r\n\n{\"id\":2,\"op\":\"b\"}\n", 2},
		"unknown fields":    {`{"id":1,"op":"send","future":true}`, 1},
		"unknown op":        {`{"id":1,"op":"teleport"}`, 1},
		"as many as may":    {many(wire.MaxRequestsPerFrame), wire.MaxRequestsPerFrame},
		"one too many":      {many(wire.MaxRequestsPerFrame + 1), -1},
		"empty":             {"", -1},
		"only blanks":       {" \n\n ", -1},
		"no id":             {`{"op":"send"}`, -1},
		"id zero":           {`{"id":0,"op":"send"}`, -1},
		"negative id":       {`{"id":-1,"op":"send"}`, -1},
		"fractional id":     {`{"id":1.5,"op":"send"}`, -1},
		"text id":           {`{"id":"1","op":"send"}`, -1},
		"no op":             {`{"id":1}`, -1},
		"long op":           {`{"id":1,"op":"` + strings.Repeat("x", 33) + `"}`, -1},
		"array":             {`[{"id":1,"op":"send"}]`, -1},
		"two on a line":     {`{"id":1,"op":"a"}{"id":2,"op":"b"}`, -1},
		"cut off":           {`{"id":1,"op":"se`, -1},
		"broken UTF-8":      {"{\"id\":1,\"op\":\"send\",\"d\":\"\xff\"}", -1},
		"too large":         {`{"id":1,"op":"send","d":"` + strings.Repeat("x", wire.MaxFrameBytes) + `"}`, -1},
		"one bad among all": {`{"id":1,"op":"a"}` + "\n" + `nonsense`, -1},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.DecodeRequests([]byte(c.frame))
			if c.want == -1 && !errors.Is(err, wire.ErrFrame) || c.want >= 0 && err != nil {
				t.Fatalf("%v, %v", got, err)
			}
			if c.want >= 0 && len(got) != c.want {
				t.Errorf("%d requests, want %d", len(got), c.want)
			}
		})
	}
}

func FuzzDecodeRequests(f *testing.F) {
	f.Add([]byte(`{"id":7,"op":"send","d":{"room_uuid":"r","client_id":"c","text":"안녕"}}`))
	f.Add([]byte("{\"id\":1,\"op\":\"a\"}\n{\"id\":2,\"op\":\"b\",\"d\":null}\n"))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Fuzz(func(t *testing.T, frame []byte) {
		requests, err := wire.DecodeRequests(frame)
		if err != nil {
			if !errors.Is(err, wire.ErrFrame) || requests != nil {
				t.Fatalf("%v, %v", requests, err)
			}
			return
		}
		if len(requests) == 0 || len(requests) > wire.MaxRequestsPerFrame {
			t.Fatalf("%d requests", len(requests))
		}
		for _, r := range requests {
			if r.ID == 0 || r.Op == "" {
				t.Fatalf("%+v", r)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Fatalf("what was read can't be written: %v", err)
			}
		}
	})
}

func FuzzDecodeEnvelopes(f *testing.F) {
	f.Add([]byte(`{"ev":"message","d":{"seq":1}}` + "\n" + `{"re":7,"err":{"code":"forbidden","message":"x"}}`))
	f.Add([]byte(`{"re":1,"d":{}}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		envelopes, err := wire.DecodeEnvelopes(frame)
		if err != nil {
			if !errors.Is(err, wire.ErrFrame) {
				t.Fatal(err)
			}
			return
		}
		var again []byte
		for _, e := range envelopes {
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			again = fmt.Appendf(again, "%s\n", b)
		}
		second, err := wire.DecodeEnvelopes(again)
		if err != nil || len(second) != len(envelopes) {
			t.Fatalf("%d envelopes became %d: %v", len(envelopes), len(second), err)
		}
	})
}
