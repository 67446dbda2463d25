package s3

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Scheme begins the address of a bucket.
const Scheme = "s3://"

// ErrAddress says how an address must look. It never repeats one: there is a secret in it.
var ErrAddress = errors.New("the address of a bucket must be s3://key:secret@host[:port]/bucket[/prefix][?region=…&tls=off]")

// Open makes a Store of s3://key:secret@host[:port]/bucket[/prefix], with ?region=… and ?tls=off where needed. Without a key
// it takes those of the environment (AWS_ACCESS_KEY_ID …) or of the machine's role. The bucket must be there.
func Open(ctx context.Context, address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" {
		return nil, ErrAddress
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, ErrAddress
	}
	if prefix != "" {
		prefix += "/"
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentialsOf(u.User), Secure: u.Query().Get("tls") != "off", Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("open the bucket: %w", err)
	}
	s := New(client, bucket, prefix)
	within, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	if err := s.Ping(within); err != nil {
		return nil, fmt.Errorf("open the bucket: %w", err)
	}
	return s, nil
}

const openTime = 15 * time.Second

func credentialsOf(user *url.Userinfo) *credentials.Credentials {
	if secret, ok := user.Password(); ok {
		return credentials.NewStaticV4(user.Username(), secret, "")
	}
	return credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.IAM{}})
}
