//go:build screens

package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

const (
	manyPeople   = 10_000
	manyMessages = 20_000
	manyActs     = 100_000
	openings     = 4 // of each section: the first one, and the median of the others
)

// sections of the administration, and what stands there when one is open.
var sections = []struct{ id, stands string }{
	{"dashboard", window.Select("card-online")},
	{"approvals", window.Select("pending-row")},
	{"notices", window.Select("admin-notices-empty") + ", " + window.Select("admin-notice-row")},
	{"members", window.Select("member-row")},
	{"departments", window.Select("department")},
	{"imports", window.Select("imports-empty")},
	{"backups", window.Select("backups-list") + ", " + window.Select("backups-empty")},
	{"devices", window.Select("device-row")},
	{"file_policy", window.Select("policy-save")},
	{"retention", window.Select("retention-rules")},
	{"access", window.Select("access-list") + ", " + window.Select("access-empty")},
	{"audit", window.Select("audit-row")},
	{"health", window.Select("health-line")},
	{"settings", window.Select("own-fields")},
}

// TestAdministrationOfMany takes pictures of the whole administration of a large company, and the time to open each section:
// from the click until what is in it is painted. The table is beside the pictures.
func TestAdministrationOfMany(t *testing.T) {
	c := company{
		desk: desk.Start(t, desk.Options{Width: 1500, Height: 1000}),
		server: backend.StartDemo(t, binary(t, "HIMSG_E2E_SERVER"), backend.Demo{
			People: manyPeople, Messages: manyMessages, Acts: manyActs,
		}),
	}
	c.server.SignUp(t, "newcomer", "한가람")
	w := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, w, "demo00001")
	w.Click(t, window.Select("rail-admin"))
	w.See(t, window.Select("card-online"))
	g := &gallery{desk: c.desk, w: w, sizes: []size{{900, 700}, {1400, 900}}}
	took := map[string][]float64{}
	for range openings {
		for _, section := range sections {
			took[section.id] = append(took[section.id], openSection(t, w, section.id, section.stands))
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%d people, %d entries of the audit: ms until a section is painted\n", manyPeople, manyActs)
	for _, section := range sections {
		again := slices.Sorted(slices.Values(took[section.id][1:]))
		fmt.Fprintf(&table, "%-12s first %6.0f, then %6.0f\n", section.id, took[section.id][0], again[len(again)/2])
	}
	t.Log(table.String())
	if err := os.WriteFile(picture(t, "administration-of-many.txt"), []byte(table.String()), 0o600); err != nil {
		t.Error(err)
	}
	for _, section := range sections {
		openSection(t, w, section.id, section.stands)
		g.take(t, "many-"+section.id)
	}
}

// openSection returns the milliseconds from the click until what stands in a section is painted.
func openSection(t *testing.T, w *window.Window, id, stands string) (ms float64) {
	t.Helper()
	w.Eval(t, fmt.Sprintf(`(() => {
		window.openedAfter = undefined;
		const begin = performance.now();
		const look = () => requestAnimationFrame(() => {
			const is = document.querySelector(%q);
			if (is) setTimeout(() => { window.openedAfter = performance.now() - begin });
			else look();
		});
		document.querySelector(%q).click();
		look();
		return 0;
	})()`, window.Select("admin-section", "section", id)+" :is("+stands+")", window.Select("admin-section-"+id)), nil)
	w.WaitFor(t, "window.openedAfter !== undefined")
	w.Eval(t, "window.openedAfter", &ms)
	return ms
}
