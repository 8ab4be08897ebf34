// Package localaws is a small, strict AWS in memory. It has exactly the resource
// types that this program and the CDK's bootstrap template make. It authenticates
// every call by its signature, and package iam decides it. An operation, resource
// type or property that it doesn't have is refused by name.
//
//	aws, err := localaws.Start(localaws.Options{Accounts: []string{"111122223333"}})
//	if err != nil {
//		return err
//	}
//	defer aws.Close()
//	for _, line := range aws.Env("111122223333") {
//		fmt.Println("export " + line)
//	}
//
// Each account has a user "administrator" with the policy AdministratorAccess.
// Env gives that user's access keys, in the first Region, and EnvIn in another;
// WriteProfiles writes profiles for several. The server listens on the loopback
// interface only and calls no other host; Close removes all that it held.
// docs/local-aws.md lists what it carries out, and where it differs from AWS.
//
// A template of the CDK's reads the parameter of its bootstrap. To deploy one by
// CreateStack without a bootstrap, synthesize it with
// GenerateBootstrapVersionRule: false in the props of
// awscdk.NewDefaultStackSynthesizer.
//
// This is version 0: names may change from one release to the next.
package localaws

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
	"github.com/s3seal/s3seal/localaws/internal/server"
)

// Options are those of Start. Only Accounts is required.
type Options struct {
	Accounts []string // ids of 12 digits; at least one
	Regions  []string // Env and Config name the first; us-east-1 if empty
	// Address is a loopback IP with a port; 127.0.0.1 with any free port if
	// empty.
	Address string
	// Folder is where files for other programs are: CAFile, and what
	// WriteProfiles writes. Start makes it, so it must not be there; a new one
	// below os.TempDir if empty.
	Folder string
	// PlainHTTP adds a listener without TLS, to see requests refused there.
	PlainHTTP bool
	Now       func() time.Time // time.Now if nil
	// Quotas are what SERVICE_QUOTA of CloudWatch gives for a metric of AWS/Usage,
	// by its dimension Resource; without one it has no value.
	Quotas map[string]float64
	// Log gets an entry for each call that is refused, with the statements of the
	// policies that decided, and for what fails in the background: replications,
	// log deliveries, handshakes. It holds no secrets. Nil: nothing is written; a
	// test may give t.Output().
	Log io.Writer
}

// keptDecisions is the length of the decision log.
const keptDecisions = 1000

// Server is a running local AWS.
type Server struct {
	options        Options
	directory      *identity.Directory
	decisions      *identity.DecisionLog
	administrators map[string]Credentials // by account
	services       *services
	front          *server.Server
	client         *http.Client
	folder         string // private; made here
	caFile         string
}

// Start makes the accounts and answers requests until Close.
func Start(o Options) (_ *Server, err error) {
	if len(o.Accounts) == 0 {
		return nil, errors.New("local AWS: no accounts; give at least one id of 12 digits")
	}
	if len(o.Regions) == 0 {
		o.Regions = []string{"us-east-1"}
	}
	if err := checkRegions(o.Regions); err != nil {
		return nil, fmt.Errorf("local AWS: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o, administrators: map[string]Credentials{}, decisions: identity.NewDecisionLog(keptDecisions)}
	defer func() {
		if err != nil {
			err = fmt.Errorf("local AWS: %w", errors.Join(err, s.Close()))
		}
	}()
	if s.directory, err = identity.NewDirectory(o.Now, o.Accounts...); err != nil {
		return nil, err
	}
	told := api.NewLog(o.Log)
	for _, account := range o.Accounts {
		k, err := s.directory.AddAdministrator(account, "administrator")
		if err != nil {
			return nil, err
		}
		s.administrators[account] = Credentials(k)
	}
	if err = s.makeFolder(o.Folder); err != nil {
		return nil, err
	}
	if s.services, err = newServices(s.directory, s.decisions, o, told, s.functionEnvironment); err != nil {
		return nil, err
	}
	s.front, err = server.Start(server.Options{
		Address: o.Address, PlainHTTP: o.PlainHTTP, Names: controlNames(o.Accounts), Regions: o.Regions, Keys: s.directory,
		Services: s.services.byName, Now: o.Now, Log: told,
	})
	if err != nil {
		return nil, err
	}
	s.client = newClient(s.front.CA())
	if err = os.WriteFile(s.caFile, s.front.CA(), 0o600); err != nil {
		return nil, noRoom(err)
	}
	return s, nil
}

// makeFolder makes the folder of the files for other programs, which only this
// user can read.
func (s *Server) makeFolder(name string) (err error) {
	if name == "" {
		if name, err = os.MkdirTemp("", "s3seal-local-aws-"); err != nil {
			return noRoom(err)
		}
	} else if name, err = filepath.Abs(name); err == nil { // which programs in any folder find
		err = os.Mkdir(name, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name a folder that isn't; if a local AWS that was killed left this one, remove it", name)
	}
	if err != nil {
		return err
	}
	s.folder, s.caFile = name, filepath.Join(name, "ca.pem")
	return nil
}

// noRoom says what to do about a file that can't be written.
func noRoom(err error) error {
	return fmt.Errorf("%w: make room there, or choose a folder that can be written, with TMPDIR", err)
}

// Close ends the listeners and the services and removes the folder of CAFile.
func (s *Server) Close() error {
	var errs []error
	if s.client != nil {
		s.client.CloseIdleConnections() // or closing the front would wait for them
	}
	if s.front != nil {
		errs = append(errs, s.front.Close())
	}
	if s.services != nil {
		errs = append(errs, s.services.close())
	}
	if s.folder != "" {
		errs = append(errs, os.RemoveAll(s.folder))
	}
	return errors.Join(errs...)
}
