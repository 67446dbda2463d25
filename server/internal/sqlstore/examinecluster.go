package sqlstore

import (
	"context"
	"fmt"
	"strconv"
)

// enoughMembers of a cluster are those of which one may be lost: the others are more than half.
const enoughMembers = 3

// examineCluster looks at the Galera cluster that our member is in.
func (db *DB) examineCluster(ctx context.Context) ([]Remark, error) {
	status := map[string]string{}
	err := each(ctx, db.writer, func(row scanner) error {
		var name, value string
		err := row.Scan(&name, &value)
		status[name] = value
		return err
	}, "show status where variable_name in ('wsrep_cluster_size', 'wsrep_cluster_status', 'wsrep_local_state_comment')")
	if err != nil {
		return nil, fmt.Errorf("ask for the cluster: %w", err)
	}
	return judgeCluster(status, db.members), nil
}

func judgeCluster(status map[string]string, named int) (all []Remark) {
	size, err := strconv.Atoi(status["wsrep_cluster_size"])
	if status["wsrep_cluster_status"] != "Primary" {
		return []Remark{{Wrong, "this member of the Galera cluster is cut off from the others and refuses to work: look at its network and at the others"}}
	}
	if err != nil || size < enoughMembers {
		all = append(all, Remark{Doubtful, fmt.Sprintf("the Galera cluster has %s members now: with fewer than %d none may be lost",
			status["wsrep_cluster_size"], enoughMembers)})
	}
	if named < 2 {
		all = append(all, Remark{Doubtful, "--database names one member of the Galera cluster: name all, as tcp(a:3306,b:3306,c:3306), to go on when it is lost"})
	}
	if len(all) == 0 {
		all = append(all, Remark{Good, fmt.Sprintf("Galera: %d members, this one is %s", size, status["wsrep_local_state_comment"])})
	}
	return all
}
