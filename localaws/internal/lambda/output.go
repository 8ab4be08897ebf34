package lambda

import (
	"bufio"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"sync"
	"time"
)

// output collects what a sandbox's process writes to stdout and stderr, which
// are one pipe. Flush learns that all that was written is here by sending a
// marker of its own through the pipe.
type output struct {
	read, write *os.File
	marker      string
	seen        chan struct{}
	done        chan struct{}

	mu    sync.Mutex
	lines []string
}

// maxLine is the largest event of CloudWatch Logs that Lambda writes, in bytes.
const maxLine = 256 << 10

func newOutput() (*output, error) {
	o := &output{marker: rand.Text() + "\n", seen: make(chan struct{}, 1), done: make(chan struct{})}
	var err error
	if o.read, o.write, err = os.Pipe(); err != nil {
		return nil, err
	}
	go o.collect()
	return o, nil
}

func (o *output) collect() {
	defer close(o.done)
	r := bufio.NewReaderSize(o.read, maxLine)
	for {
		line, err := r.ReadSlice('\n')
		text, marked := strings.CutSuffix(string(line), o.marker)
		if text = strings.TrimSuffix(text, "\n"); text != "" {
			o.add(text)
		}
		if marked {
			o.seen <- struct{}{}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

func (o *output) add(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, line)
}

// flush returns the lines since the last flush.
func (o *output) flush() []string {
	if _, err := o.write.WriteString(o.marker); err == nil {
		<-o.seen
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	lines := o.lines
	o.lines = nil
	return lines
}

// close ends the collection. Descendants that have left the process group can
// hold the pipe open; they are not waited for.
func (o *output) close() {
	_ = o.write.Close()
	_ = o.read.SetReadDeadline(time.Now())
	<-o.done
	_ = o.read.Close()
}
