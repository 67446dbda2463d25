package app_test

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/hook"
	"himsg/shared/wire"
)

const bots = "../../../docs/it/bots/"

// TestTheExampleBotWrites runs the bot of the manual against a server.
func TestTheExampleBotWrites(t *testing.T) {
	h := newHooked(start(t, settings(t, "")))
	made := h.incoming()
	bot := exec.CommandContext(t.Context(), "python3", bots+"watch.py", "http://"+h.Addr()+"/healthz")
	bot.Env = append(os.Environ(), "HIMSG_HOOK=http://"+h.Addr()+made.Path, "EVERY=0", "ROUNDS=3")
	if out, err := bot.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	last := h.history(h.kim)
	if m := last[len(last)-1]; !strings.HasSuffix(m.Text, "/healthz 응답합니다") || m.SenderUUID != made.Integration.BotUUID {
		t.Errorf("it wrote %q", m.Text)
	}
	if n := h.count("select count(*) from messages where kind = 'user'"); n != 1 {
		t.Errorf("it wrote %d messages", n)
	}
}

// TestTheExampleTargetChecksSignatures runs the target of the manual, as the server posts to it and as others could.
func TestTheExampleTargetChecksSignatures(t *testing.T) {
	const secret = "himsg_sign_test"
	target := exec.CommandContext(t.Context(), "python3", bots+"receive.py", "0")
	target.Env = append(os.Environ(), "HIMSG_SECRET="+secret)
	out, err := target.StdoutPipe()
	if err == nil {
		err = target.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = target.Process.Kill() // it may have ended
		_ = target.Wait()
	})
	lines := bufio.NewScanner(out)
	read := func() string {
		if !lines.Scan() {
			t.Fatal("it has ended")
		}
		return lines.Text()
	}
	port := strings.TrimPrefix(read(), "listening ")
	const body = `{"delivery_id":"1","room_name":"주문방","message":{"sender_name":"김","text":"하나"}}`
	post := func(at time.Time, key, body string) int {
		t.Helper()
		said := strconv.FormatInt(at.Unix(), 10)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:"+port, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(wire.HookTimestampHeader, said)
		req.Header.Set(wire.HookSignatureHeader, hook.Sign(key, said, []byte(body)))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	now := time.Now()
	if a, b, c := post(now, secret, body), post(now, "another", body), post(now.Add(-time.Hour), secret, body); a != 204 || b != 403 || c != 403 {
		t.Errorf("signed %d, by another %d, an hour ago %d", a, b, c)
	}
	if got := read(); got != "주문방 | 김: 하나" {
		t.Errorf("it says %q", got)
	}
}
