package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

// Keys finds access keys. *identity.Directory is one.
type Keys interface {
	Credential(accessKeyID string) (identity.Credential, bool)
}

// Options of a Server.
type Options struct {
	// Address is a loopback address with a port, "127.0.0.1:0" if empty;
	// port 0: any free one.
	Address string
	// PlainHTTP opens a second listener without TLS on a free port.
	PlainHTTP bool

	Names    []string // of this machine, besides localhost and its addresses
	Regions  []string
	Keys     Keys
	Services map[string]api.Service // by signing name: "s3", "kms", ...
	Now      func() time.Time
	Patience time.Duration // how long a client may do nothing in a request; a minute if 0
	Log      *api.Log      // of refused calls, panics and failed handshakes; nil: dropped
}

// Server is a running front door.
type Server struct {
	options   Options
	authority *authority
	url       string
	plainURL  string
	servers   []*http.Server
	serving   sync.WaitGroup
}

// Start listens and serves until Close. An address beyond the loopback
// interface is an error.
func Start(o Options) (*Server, error) {
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	ca, err := newAuthority(o.Names)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, authority: ca}
	l, err := listen(o.Address)
	if err != nil {
		return nil, err
	}
	s.url = "https://" + l.Addr().String()
	var plain net.Listener
	if o.PlainHTTP {
		if plain, err = listen("127.0.0.1:0"); err != nil {
			l.Close()
			return nil, err
		}
		s.plainURL = "http://" + plain.Addr().String()
	}
	s.serve(tls.NewListener(l, &tls.Config{
		Certificates: []tls.Certificate{ca.leaf},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"http/1.1"}, // AWS endpoints speak no HTTP/2
	}))
	if plain != nil {
		s.serve(plain)
	}
	return s, nil
}

func listen(address string) (net.Listener, error) {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q: want IP:PORT such as 127.0.0.1:4566", address)
	}
	if !a.Addr().IsLoopback() {
		return nil, fmt.Errorf("address %q: the local AWS listens on the loopback interface only; use 127.0.0.1:%d", address, a.Port())
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("address %s: another program listens there; end it, or use port 0 for any free one", address)
	}
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", address, err)
	}
	return l, nil
}

func (s *Server) serve(l net.Listener) {
	h := &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second, IdleTimeout: 5 * time.Minute, ErrorLog: s.options.Log.Standard()}
	s.servers = append(s.servers, h)
	s.serving.Go(func() {
		// It ends with ErrServerClosed when Close says so; any other end
		// shows as refused connections.
		_ = h.Serve(l)
	})
}

// URL is the HTTPS endpoint, "https://127.0.0.1:PORT".
func (s *Server) URL() string { return s.url }

// PlainURL is the endpoint without TLS; "" if Options didn't ask for it.
func (s *Server) PlainURL() string { return s.plainURL }

// CA is the certificate of the server's authority, in PEM.
func (s *Server) CA() []byte { return slices.Clone(s.authority.pem) }

// Close ends the listeners and waits five seconds for requests under way
// before it cuts them off.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var errs []error
	for _, h := range s.servers {
		err := h.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = h.Close()
		}
		errs = append(errs, err)
	}
	s.serving.Wait()
	return errors.Join(errs...)
}
