//go:build cluster

package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// Two people talk with their apps, through the load balancer of make cluster, while one of three servers is killed: what they say arrives,
// once, and the picture shows it.
func TestConversationWhileAServerIsKilled(t *testing.T) {
	d := desk.Start(t, desk.Options{})
	all := desk.Spawn(t, desk.Spec{
		Path: binary(t, "HIMSG_E2E_BENCH"), Env: d.Env(),
		Args: []string{"cluster", "--server-bin", binary(t, "HIMSG_E2E_SERVER"), "--nats-bin", binary(t, "HIMSG_E2E_NATS"), "--dir", t.TempDir()},
	})
	said := func(pattern string) []string { return regexp.MustCompile(pattern).FindStringSubmatch(all.Output()) }
	desk.Wait(t, 3*time.Minute, "everything runs", func() bool { return said(`Ctrl-C stops`) != nil })
	address, password := said(`Hi_Msg +(http://\S+)`)[1], said(`password of all: (\S+)`)[1]

	c := company{desk: d}
	apps := make([]*window.Window, 2)
	names := make([]string, 2)
	for i := range apps {
		username := fmt.Sprintf("demo%05d", i+2)
		h, err := client.NewHTTP(client.Options{Address: address, UserAgent: "himsg-e2e", Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		reply, err := h.Login(t.Context(), wire.LoginRequest{Username: username, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		h.Close()
		names[i] = reply.User.Name
		w := c.open(t, window.Options{Server: address})
		w.Type(t, window.Select("signin-username"), username)
		w.Type(t, window.Select("signin-password"), password)
		w.Click(t, window.Select("signin-submit"))
		online(t, w)
		apps[i] = w
	}
	for i, w := range apps {
		d.Move(t, w.ID(t), 10+1240*i, 10)
		openPerson(t, w, names[1-i])
	}
	count := 0
	both := func(texts ...string) {
		t.Helper()
		for i, text := range texts {
			say(t, apps[i%2], text)
			apps[1-i%2].SeeText(t, window.Select("message-text"), text)
			count++
		}
	}
	kill := func(server int) {
		t.Helper()
		pid, err := strconv.Atoi(said(fmt.Sprintf(`himsg-server %d .*kill -9 (\d+)`, server))[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	both("서버 세 대로 옮긴 뒤 첫 대화예요. 잘 보이나요?", "네, 바로 왔어요.")
	kill(1)
	both("지금 서버 1을 kill -9로 껐습니다.", "저는 끊긴 줄도 몰랐어요.", "그래도 가는지 하나 더 보냅니다.", "왔습니다. 순서도 맞아요.")
	kill(2)
	both("이번에는 서버 2도 껐습니다. 한 대만 남았어요.", "한 대로도 잘 됩니다.")
	d.Picture(t, picture(t, "cluster.png"))
	for i, w := range apps {
		if texts := w.Texts(t, window.Select("message-text")); len(texts) < count {
			t.Errorf("app %d holds %d of %d messages: %s", i+1, len(texts), count, strings.Join(texts, " / "))
		}
	}
}
