package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"himsg/shared/client"
)

// pagesOf asks for a page of each list that goes down from the newest, and returns its next.
var pagesOf = map[string]func(s *client.Session, before int64) (next int64, err error){
	"holds": func(s *client.Session, before int64) (int64, error) {
		out, err := s.Holds(context.Background(), before)
		return out.Next, err
	},
	"backups": func(s *client.Session, before int64) (int64, error) {
		out, err := s.Backups(context.Background(), before)
		return out.Next, err
	},
	"requests": func(s *client.Session, before int64) (int64, error) {
		out, err := s.AccessRequests(context.Background(), before)
		return out.Next, err
	},
	"rooms": func(s *client.Session, before int64) (int64, error) {
		out, err := s.FindRooms(context.Background(), []string{me}, before)
		return out.Next, err
	},
	"messages": func(s *client.Session, before int64) (int64, error) {
		out, err := s.SearchAccess(context.Background(), me, "", "말", before)
		return out.Next, err
	},
	"entries": func(s *client.Session, before int64) (int64, error) {
		out, err := s.Audit(context.Background(), client.AuditQuery{}, before, 10)
		return out.Next, err
	},
	"sessions": func(s *client.Session, before int64) (int64, error) {
		out, err := s.PeopleSessions(context.Background(), "", "", before, 10)
		return out.Next, err
	},
	"notices": func(s *client.Session, before int64) (int64, error) {
		out, err := s.AllNotices(context.Background(), before)
		return out.Next, err
	},
}

// saying is a session at a server that answers everything with body.
func saying(t *testing.T, body string) *client.Session {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body)) // the client is on this machine
	}))
	t.Cleanup(server.Close)
	h, err := client.NewHTTP(client.Options{Address: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	s := client.NewSession(h, client.Tokens{Access: "a", Refresh: "r", AccessExpires: time.Now().Add(time.Hour)}, nil)
	t.Cleanup(func() { s.Close(); h.Close() })
	return s
}

// A server that names a page from which one comes no further would be asked for ever, by whoever goes from page to page.
func TestPagesLeadToAnEnd(t *testing.T) {
	for name, row := range map[string]struct {
		items  string
		before int64
		next   int64
		fine   bool
	}{
		"the first page":            {"{}", 0, 900, true},
		"a page further down":       {"{}", 900, 899, true},
		"the last page":             {"{}", 900, 0, true},
		"nothing":                   {"", 0, 0, true},
		"the same page again":       {"{}", 900, 900, false},
		"back to the top":           {"{}", 900, 1000, false},
		"below the ground":          {"{}", 900, -1, false},
		"no rows, and yet more":     {"", 0, 900, false},
		"no rows, and more further": {"", 900, 899, false},
	} {
		t.Run(name, func(t *testing.T) {
			for list, ask := range pagesOf {
				next, err := ask(saying(t, fmt.Sprintf(`{%q:[%s],"next":%d}`, list, row.items, row.next)), row.before)
				switch {
				case row.fine && (err != nil || next != row.next):
					t.Errorf("%s: next %d, %v", list, next, err)
				case !row.fine && (!errors.Is(err, client.ErrNotHimsg) || next != 0):
					t.Errorf("%s: next %d, %v", list, next, err)
				}
			}
		})
	}
}

// What is read of others goes up, by seq.
func TestPagesOfReadMessagesGoUp(t *testing.T) {
	for next, fine := range map[int64]bool{0: true, 8: true, 7: false, 6: false, -1: false} {
		s := saying(t, fmt.Sprintf(`{"messages":[{}],"next":%d}`, next))
		if _, err := s.AccessMessages(context.Background(), me, me, 7); (err == nil) != fine {
			t.Errorf("next %d after 7: %v", next, err)
		}
	}
}

// A list that goes on and on has an end all the same: each page is further down than the one before, and each is asked for by itself.
func TestAnEndlessListIsReadPageByPage(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"holds":[{}],"next":%d}`, 1_000-asked) // the client is on this machine
	}))
	defer server.Close()
	h, err := client.NewHTTP(client.Options{Address: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	s := client.NewSession(h, client.Tokens{Access: "a", AccessExpires: time.Now().Add(time.Hour)}, nil)
	defer s.Close()
	for page, before := 1, int64(0); page <= 3; page++ {
		list, err := s.Holds(context.Background(), before)
		if err != nil || len(list.Holds) != 1 || asked != page {
			t.Fatalf("page %d: %d holds after %d requests, %v", page, len(list.Holds), asked, err)
		}
		before = list.Next
	}
}
