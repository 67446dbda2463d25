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
		"max_allowed_packet": "16777216", "max_connections": "151", "wsrep_on": "OFF",
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
		"innodb_snapshot_isolation":      {map[string]string{"wsrep_on": "ON"}, Doubtful},
	} {
		set := maps.Clone(good)
		maps.Copy(set, c.change)
		got := judgeMySQL(set)
		if len(got) != 1 || got[0].Grade != c.grade || !strings.HasPrefix(got[0].Text, name+" = ") || !strings.Contains(got[0].Text, "set it to") && name != "max_connections" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A pool that does not hold what everybody reads is named with what it should be.
func TestPoolsAreJudged(t *testing.T) {
	const mb = 1 << 20
	if got := judgePool(128*mb, 80*mb); len(got) != 0 {
		t.Errorf("large enough: %+v", got)
	}
	got := judgePool(128*mb, 400*mb)
	if len(got) != 1 || got[0].Grade != Doubtful || !strings.Contains(got[0].Text, "innodb_buffer_pool_size = 128 MB") || !strings.Contains(got[0].Text, "set it to 601M") {
		t.Errorf("too small: %+v", got)
	}
}

// A cluster is named with what is wrong about it.
func TestClustersAreJudged(t *testing.T) {
	for _, c := range []struct {
		size, status string
		named        int
		grade        Grade
		says         string
	}{
		{"3", "Primary", 3, Good, "3 members"},
		{"2", "Primary", 3, Doubtful, "none may be lost"},
		{"3", "Primary", 1, Doubtful, "name all"},
		{"1", "non-Primary", 3, Wrong, "cut off"},
	} {
		got := judgeCluster(map[string]string{
			"wsrep_cluster_size": c.size, "wsrep_cluster_status": c.status, "wsrep_local_state_comment": "Synced",
		}, c.named)
		if len(got) != 1 || got[0].Grade != c.grade || !strings.Contains(got[0].Text, c.says) {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}
