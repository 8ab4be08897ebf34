package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

const (
	account = "111122223333"
	region  = "us-east-1"
	bucket  = "measured"
)

// endpoint is what a client must know of a server.
type endpoint struct {
	URL, CA, Key, Secret string
}

// server is a running S3 server with its bucket.
type server struct {
	name   string
	cmd    *exec.Cmd
	stdin  io.Closer // of the local AWS; nil for a peer
	client *s3.Client
}

// serveLocal is the local AWS as a process: it tells its endpoint and serves until
// in ends.
func serveLocal(in io.Reader, out io.Writer) error {
	aws, err := localaws.Start(localaws.Options{Accounts: []string{account}, Regions: []string{region}})
	if err != nil {
		return err
	}
	defer aws.Close()
	ca, err := os.ReadFile(aws.CAFile())
	if err != nil {
		return err
	}
	k := aws.Credentials(account)
	if err := json.NewEncoder(out).Encode(endpoint{aws.URL(), string(ca), k.AccessKeyID, k.SecretAccessKey}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// startAll starts the local AWS, which comes first, and the peers.
func startAll(ctx context.Context, dir string, p programs) (servers []*server, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	local, e, err := startLocal(self, dir)
	if err != nil {
		return nil, err
	}
	servers = append(servers, local)
	if err := local.ready(ctx, e); err != nil {
		return servers, err
	}
	cert, key, ca, err := certificate(dir)
	if err != nil {
		return servers, err
	}
	e = endpoint{CA: ca, Key: "AKIAPEER", Secret: "secret-of-a-peer"}
	for _, peer := range []struct {
		name string
		args func(address, data string) []string
	}{
		{"versitygw", func(address, data string) []string {
			return []string{p.versitygw, "--quiet", "--keep-alive", "--port", address, "--cert", cert, "--key", key, "--region", region,
				"--access", e.Key, "--secret", e.Secret, "posix", data}
		}},
		{"rclone", func(address, data string) []string {
			return []string{p.rclone, "--config", "", "serve", "s3", "--addr", address, "--cert", cert, "--key", key,
				"--auth-key", e.Key + "," + e.Secret, data}
		}},
	} {
		address, err := freeAddress()
		if err != nil {
			return servers, err
		}
		data := filepath.Join(dir, peer.name)
		if err := os.Mkdir(data, 0o700); err != nil {
			return servers, err
		}
		args := peer.args(address, data)
		s := &server{name: peer.name, cmd: exec.Command(args[0], args[1:]...)}
		s.cmd.Dir = dir
		s.cmd.Env = append(os.Environ(), "HOME="+dir)
		if err := s.cmd.Start(); err != nil {
			return servers, err
		}
		servers = append(servers, s)
		e.URL = "https://" + address
		if err := s.ready(ctx, e); err != nil {
			return servers, err
		}
	}
	return servers, nil
}

func startLocal(self, dir string) (*server, endpoint, error) {
	var e endpoint
	s := &server{name: "s3seal", cmd: exec.Command(self, "-serve")}
	s.cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	s.cmd.Stderr = os.Stderr
	stdin, err1 := s.cmd.StdinPipe()
	stdout, err2 := s.cmd.StdoutPipe()
	if err := errors.Join(err1, err2, s.cmd.Start()); err != nil {
		return nil, e, err
	}
	s.stdin = stdin
	if err := json.NewDecoder(stdout).Decode(&e); err != nil {
		s.stop()
		return nil, e, fmt.Errorf("s3seal: %w", err)
	}
	return s, e, nil
}

// stop ends a server and waits for it.
func (s *server) stop() {
	if s.stdin != nil {
		s.stdin.Close() // it removes its folders
	} else {
		_ = s.cmd.Process.Kill()
	}
	_ = s.cmd.Wait() // killed, or an error that stderr has shown
}

// cpu is how much time of processors the server has had, in ticks of the kernel;
// 0 where /proc doesn't say.
func (s *server) cpu() float64 {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	_, fields, _ := strings.Cut(string(stat), ") ") // behind the command's name
	times := strings.Fields(fields)
	if len(times) < 13 {
		return 0
	}
	user, err1 := strconv.ParseFloat(times[11], 64)
	system, err2 := strconv.ParseFloat(times[12], 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return user + system
}

// ready makes the client and the bucket, as soon as the server answers.
func (s *server) ready(ctx context.Context, e endpoint) (err error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(e.CA))
	s.client = s3.New(s3.Options{
		Region: region, BaseEndpoint: &e.URL, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(e.Key, e.Secret, ""),
		HTTPClient:  &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 32}},
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		_, err = s.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket)}, func(o *s3.Options) { o.Retryer = aws.NopRetryer{} })
		if err == nil || time.Now().After(deadline) || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
