package sqlstore

import (
	"maps"
	"strings"
	"testing"
)

// Each setting is wrong by itself, and named with what to do.
func TestSettingsOfMySQLAreJudged(t *testing.T) {
	good := map[string]string{
		"innodb_flush_log_at_trx_commit": "1", "innodb_doublewrite": "ON", "log_bin": "OFF", "sync_binlog": "0",
		"max_allowed_packet": "16777216", "max_connections": "151", "wsrep_on": "OFF", "wsrep_sync_wait": "0",
		"innodb_snapshot_isolation": "OFF",
	}
	if got := judgeMySQL(good); len(got) != 1 || got[0].Grade != Good {
		t.Errorf("good settings: %+v", got)
	}
	for name, c := range map[string]struct {
		change map[string]string
		grade  Grade
	}{
		"innodb_flush_log_at_trx_commit": {map[string]string{"innodb_flush_log_at_trx_commit": "2"}, Doubtful},
		"innodb_doublewrite":             {map[string]string{"innodb_doublewrite": "OFF"}, Doubtful},
		"sync_binlog":                    {map[string]string{"log_bin": "ON"}, Doubtful},
		"max_allowed_packet":             {map[string]string{"max_allowed_packet": "1048576"}, Doubtful},
		"max_connections":                {map[string]string{"max_connections": "20"}, Wrong},
		"wsrep_sync_wait":                {map[string]string{"wsrep_on": "ON", "innodb_snapshot_isolation": "ON"}, Doubtful},
		"innodb_snapshot_isolation":      {map[string]string{"wsrep_on": "ON", "wsrep_sync_wait": "1"}, Doubtful},
	} {
		set := maps.Clone(good)
		maps.Copy(set, c.change)
		got := judgeMySQL(set)
		if len(got) != 1 || got[0].Grade != c.grade || !strings.HasPrefix(got[0].Text, name+" = ") || !strings.Contains(got[0].Text, "set it to") && name != "max_connections" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
