package hook

import (
	"testing"
	"time"
)

func TestPausesGrow(t *testing.T) {
	for tries, want := range map[int]time.Duration{1: firstWait, 2: 2 * firstWait, 5: 16 * firstWait, 11: longWait, 1000: longWait} {
		for range 50 {
			if got := waitAfter(tries); got < want*3/4 || got > want*5/4 {
				t.Errorf("after %d tries %v, about %v is right", tries, got, want)
			}
		}
	}
}

// TestSign compares with what openssl says: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac himsg_sign_test
func TestSign(t *testing.T) {
	const want = "v1=c3bb83e1785fcd6749c61b60407880ab077fa1aa17bf1f48014d2b85f0e18a16"
	if got := Sign("himsg_sign_test", "1700000000", []byte(`{"a":1}`)); got != want {
		t.Errorf("signed %s", got)
	}
}
