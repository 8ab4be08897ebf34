package lambda

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/s3seal/s3seal/internal/process"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// snapshot is a function as a sandbox was started for it.
type snapshot struct {
	arn, name, account, region string
	configuration              configuration
	code                       code
	generation                 int
}

// sandbox is Lambda's execution environment: a process with its Runtime API.
// It carries out one invocation at a time.
type sandbox struct {
	function snapshot
	stream   string   // log stream
	session  api.Call // of the role, to write the logs
	expires  time.Time
	folder   string // for temporary files
	output   *output
	server   *http.Server
	ctx      context.Context // of the Runtime API's handlers
	cancel   context.CancelFunc

	process  *exec.Cmd
	started  time.Time
	exited   chan struct{} // closed when the process has ended
	exit     error         // why; to be read after exited
	warm     bool          // has asked for its first invocation
	asking   chan struct{} // the process asks for the next invocation
	next     chan *invocation
	outcomes chan outcome
	current  atomic.Pointer[invocation] // that the process has fetched last
}

// outcome is what the process says of an invocation, or of its start.
type outcome struct {
	requestID string // "" for the start
	payload   []byte
	failed    bool
	errorType string
}

// start runs a function's bootstrap.
func (s *Service) start(f snapshot) (_ *sandbox, err error) {
	b := &sandbox{
		function: f, exited: make(chan struct{}), asking: make(chan struct{}, 1),
		next: make(chan *invocation), outcomes: make(chan outcome, 1),
	}
	b.ctx, b.cancel = context.WithCancel(s.ctx)
	defer func() {
		if err != nil {
			b.cancel()
		}
	}()
	lambda := s.caller(f.account, f.region)
	keys, err := s.opt.Credentials.RoleCredentials(lambda, f.configuration.Role, f.name)
	if err == nil {
		b.session, err = s.opt.STS.AssumeRole(lambda, f.configuration.Role, f.name)
	}
	if err != nil {
		return nil, api.Errorf(http.StatusForbidden, "AccessDeniedException", "The role defined for the function cannot be assumed by Lambda. (%v)", err)
	}
	b.expires = keys.Expiration
	b.stream = s.opt.Now().UTC().Format("2006/01/02") + "/[$LATEST]" + strings.ReplaceAll(api.UUID(), "-", "")
	s.mu.Lock()
	parent, err := s.privateFolder()
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if b.folder, err = os.MkdirTemp(parent, "tmp-"); err != nil {
		return nil, fmt.Errorf("the sandbox's folder: %w", err)
	}
	if b.output, err = newOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("the sandbox's output: %w", err), os.RemoveAll(b.folder))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.output.close()
		return nil, errors.Join(fmt.Errorf("the sandbox's Runtime API: %w", err), os.RemoveAll(b.folder))
	}
	b.server = &http.Server{Handler: b.runtimeAPI(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: s.opt.Log.Standard()}
	go func() { _ = b.server.Serve(listener) }() // ends with server.Close
	var injected []string
	if s.opt.Environment != nil {
		injected = s.opt.Environment()
	}
	b.started = time.Now()
	if err := b.start(func() *exec.Cmd {
		c := exec.Command(filepath.Join(f.code.folder, "bootstrap"))
		c.Dir = f.code.folder
		c.Env = environment(&f, listener.Addr().String(), b.stream, b.folder, keys, injected)
		c.Stdout, c.Stderr = b.output.write, b.output.write
		process.OwnGroup(c)
		return c
	}); err != nil {
		b.exit = err
		close(b.exited)
		return b, nil // its invocation reports it
	}
	go func() {
		b.exit = b.process.Wait()
		process.KillGroup(b.process.Process.Pid) // what the bootstrap has left behind
		close(b.exited)
	}()
	return b, nil
}

// start starts the process. A process that another goroutine forks holds the
// file that this bootstrap was just written to until it has become another
// program, and the kernel refuses to run a file that is open for writing; that
// passes within milliseconds.
func (b *sandbox) start(command func() *exec.Cmd) error {
	for wait := time.Millisecond; ; wait *= 2 {
		b.process = command()
		err := b.process.Start()
		if !errors.Is(err, syscall.ETXTBSY) || wait > time.Second {
			return err
		}
		time.Sleep(wait)
	}
}

// usable says whether another invocation may run here.
func (b *sandbox) usable(now time.Time) bool {
	select {
	case <-b.exited:
		return false
	default:
		return now.Add(time.Duration(b.function.configuration.Timeout) * time.Second).Before(b.expires)
	}
}

// kill ends the process and all of its group, and waits for that.
func (b *sandbox) kill() {
	select {
	case <-b.exited:
	default:
		process.KillGroup(b.process.Process.Pid)
		<-b.exited
	}
}

// end frees all that the sandbox has.
func (b *sandbox) end() {
	b.cancel()
	b.kill()
	_ = b.server.Close()
	b.output.close()
	_ = removeAll(b.folder) // what is left goes with the Service's folder
}
