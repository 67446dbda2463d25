package core_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// srvResets is what the test's server knows of lost passwords.
type srvResets struct {
	status   wire.ResetStatusReply
	gone     bool // the server forgot the request
	asked    []wire.ResetRequest
	set      []wire.PasswordResetRequest
	lose     bool   // the next password is set, its answer lost
	password string // what signs in
}

const resetSecret = "secret-of-the-device"

func (s *server) resetRoutes(mux *http.ServeMux) {
	route := func(pattern string, fn func(body *json.Decoder) (any, int)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			out, status := fn(json.NewDecoder(r.Body))
			s.mu.Unlock()
			if status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(out)
		})
	}
	route("POST /api/password-reset/request", func(body *json.Decoder) (any, int) {
		var in wire.ResetRequest
		_ = body.Decode(&in)
		s.resets.asked = append(s.resets.asked, in)
		s.resets.status.Request.Status = wire.ResetPending
		return wire.ResetReceived{Secret: resetSecret, CompareCode: "K7PQ", ExpiresAt: wire.TimeOf(time.Now().Add(time.Hour))}, 201
	})
	route("POST /api/password-reset/status", func(body *json.Decoder) (any, int) {
		var in wire.ResetStatusRequest
		_ = body.Decode(&in)
		if in.Secret != resetSecret || s.resets.gone {
			return wire.HTTPError{Error: "no", Code: wire.NotFound}, 404
		}
		return s.resets.status, 200
	})
	route("POST /api/password-reset/reset", func(body *json.Decoder) (any, int) {
		var in wire.PasswordResetRequest
		_ = body.Decode(&in)
		s.resets.set = append(s.resets.set, in)
		approved := in.Secret == resetSecret && s.resets.status.Request.Status == wire.ResetApproved
		if !approved && in.Code != "AB12CD" {
			return wire.HTTPError{Error: "no", Code: wire.Forbidden}, 403
		}
		s.resets.password = in.NewPassword
		s.resets.status.Request.Status = wire.ResetCompleted
		if s.resets.lose {
			s.resets.lose = false
			return nil, 0
		}
		return wire.MessageReply{}, 200
	})
}

// decide is what an administrator does, or time.
func (s *server) decide(status wire.ResetStatus, reason string) {
	s.with(func() { s.resets.status.Request.Status, s.resets.status.Request.Reason = status, reason })
}

// asked is an app that waits for an administrator.
func asked(t *testing.T) *app {
	t.Helper()
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	a.ok(a.AskReset(" minji ", "E001", "기획팀"))
	a.until(t, "waiting with a code", func() bool {
		return a.state.Phase == core.PhaseResetting && a.state.Reset.State == wire.ResetPending && a.state.Reset.CompareCode == "K7PQ"
	})
	return a
}

func (a *app) resetIs(state wire.ResetStatus) {
	a.t.Helper()
	a.until(a.t, "reset "+string(state), func() bool { return a.state.Reset != nil && a.state.Reset.State == state })
}

func TestLostPasswordOverARestart(t *testing.T) {
	a := asked(t)
	if !slices.Contains(a.keyring.names(), "reset-secret") {
		t.Error("the secret is not in the keyring")
	}
	profile, err := os.ReadFile(filepath.Join(a.profile, "profile.json"))
	if err != nil || strings.Contains(string(profile), resetSecret) || !strings.Contains(string(profile), "K7PQ") {
		t.Errorf("profile: %s, %v", profile, err)
	}
	a = a.restart()
	if f := failure(t, a.FinishReset("a new password", true)); f.Code != "forbidden" {
		t.Errorf("before the approval: %+v", f)
	}
	a.server.decide(wire.ResetApproved, "")
	a.resetIs(wire.ResetApproved)
	a.ok(a.FinishReset("a new password", true))
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && a.state.Reset == nil })
	if slices.Contains(a.keyring.names(), "reset-secret") {
		t.Error("the secret is still kept")
	}
	a.server.with(func() {
		if in := a.server.resets.asked[0]; in.Username != "minji" || in.EmployeeID != "E001" || in.Department != "기획팀" {
			t.Errorf("asked with %+v", in)
		}
	})
}

func TestResetEndsOtherwise(t *testing.T) {
	for name, row := range map[string]struct {
		status wire.ResetStatus
		gone   bool
		want   wire.ResetStatus
	}{
		"rejected":  {wire.ResetRejected, false, wire.ResetRejected},
		"expired":   {wire.ResetExpired, false, wire.ResetExpired},
		"replaced":  {wire.ResetReplaced, false, wire.ResetReplaced},
		"forgotten": {wire.ResetPending, true, core.ResetLost},
	} {
		t.Run(name, func(t *testing.T) {
			a := asked(t)
			a.server.with(func() { a.server.resets.gone = row.gone })
			a.server.decide(row.status, "본인 확인이 되지 않습니다.")
			a.resetIs(row.want)
			if reason := a.now().state.Reset.Reason; !row.gone && reason != "본인 확인이 되지 않습니다." {
				t.Errorf("reason: %q", reason)
			}
			a.ok(a.CancelReset())
			a.until(t, "sign-in screen", func() bool { return a.state.Phase == core.PhaseSignedOut && a.state.Reset == nil })
			if slices.Contains(a.keyring.names(), "reset-secret") {
				t.Error("the secret is still kept")
			}
			if f := failure(t, a.CheckReset()); f.Code != "not_found" {
				t.Errorf("check after it: %+v", f)
			}
		})
	}
}

func TestApprovalIsOver(t *testing.T) {
	a := asked(t)
	a.server.decide(wire.ResetApproved, "")
	a.resetIs(wire.ResetApproved)
	a.server.decide(wire.ResetExpired, "")
	if f := failure(t, a.FinishReset("a new password", true)); f.Code != "forbidden" {
		t.Errorf("too late: %+v", f)
	}
	a.resetIs(wire.ResetExpired)
}

// The password was set, but the answer did not arrive: the screen says so, and the new password signs in.
func TestLostAnswerToANewPassword(t *testing.T) {
	a := asked(t)
	a.server.decide(wire.ResetApproved, "")
	a.resetIs(wire.ResetApproved)
	a.server.with(func() { a.server.resets.lose = true })
	if f := failure(t, a.FinishReset("a new password", true)); f.Code != "offline" {
		t.Errorf("lost answer: %+v", f)
	}
	a.resetIs(wire.ResetCompleted)
	a.ok(a.SignIn("minji", "a new password", true))
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && a.state.Reset == nil })
}

func TestOneTimeCode(t *testing.T) {
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	if f := failure(t, a.RedeemCode("minji", "WRONG1", "a new password", true)); f.Code != "forbidden" {
		t.Errorf("wrong code: %+v", f)
	}
	for name, in := range map[string][3]string{
		"no name":       {" ", "AB12CD", "a new password"},
		"no code":       {"minji", " ", "a new password"},
		"long code":     {"minji", strings.Repeat("A", 5000), "a new password"},
		"long password": {"minji", "AB12CD", strings.Repeat("가", 5000)},
	} {
		if f := failure(t, a.RedeemCode(in[0], in[1], in[2], true)); f.Code != "bad_request" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	a.ok(a.RedeemCode(" minji ", " AB12CD ", "a new password", false))
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn })
	if f := failure(t, a.AskReset("minji", "E001", "기획팀")); f.Code != "conflict" {
		t.Errorf("ask while signed in: %+v", f)
	}
}

// Somebody without a keyring can ask; his request lasts until the app ends, and then the screen says that it is lost.
func TestResetWithoutAKeyring(t *testing.T) {
	k := newKeyring()
	k.set(true)
	a := start(t, newServer(t), t.TempDir(), k)
	a.ok(a.AskReset("minji", "E001", "기획팀"))
	a.server.decide(wire.ResetApproved, "")
	a.resetIs(wire.ResetApproved)
	a = a.restart()
	a.resetIs(core.ResetLost)
}

// The password is set though the sign-in after it does not work: the sign-in screen says so.
func TestPasswordSetButNotIn(t *testing.T) {
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	a.server.with(func() { a.server.noLogin = true })
	a.ok(a.RedeemCode("minji", "AB12CD", "a new password", true))
	a.until(t, "told so", func() bool { return a.state.Notice != nil && a.state.Notice.Reason == "password_set" })
}
