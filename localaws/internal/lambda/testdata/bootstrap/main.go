// The bootstrap of the tests: it does what the event says.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Records []message // of a queue

	Do   string
	Text string
	Size int
}

type answer struct {
	Text   string
	PID    int
	Count  int
	Env    []string
	Extra  string
	Handle string
}

var count int

func handle(ctx context.Context, e event) (any, error) {
	count++
	if len(e.Records) > 0 {
		return batch(e.Records)
	}
	a := &answer{Text: e.Text, PID: os.Getpid(), Count: count}
	switch e.Do {
	case "env":
		a.Env = os.Environ()
	case "context":
		lc, _ := lambdacontext.FromContext(ctx)
		a.Extra = lc.InvokedFunctionArn + " " + lambdacontext.FunctionName
	case "log":
		for i := range e.Size {
			fmt.Println(e.Text, i)
			fmt.Fprintln(os.Stderr, "stderr", i)
		}
		fmt.Print("no end of line")
	case "hang": // having made the file, if it is to tell that it runs
		if e.Text != "" {
			if err := os.WriteFile(e.Text, nil, 0o600); err != nil {
				return nil, err
			}
		}
		fmt.Println("hanging")
		time.Sleep(time.Hour)
	case "child": // a descendant that outlives the invocation, and then a hang
		c := exec.Command("sleep", "3600")
		if err := c.Start(); err != nil {
			return nil, err
		}
		fmt.Println("child " + strconv.Itoa(c.Process.Pid))
		time.Sleep(time.Hour)
	case "exit":
		fmt.Println("leaving")
		os.Exit(e.Size)
	case "error":
		return nil, errors.New(e.Text)
	case "panic":
		panic(e.Text)
	case "big":
		a.Text = strings.Repeat("x", e.Size)
	case "stream": // Size bytes, and then what waits for the file of Text, or an error
		return io.MultiReader(strings.NewReader(strings.Repeat("x", e.Size)), &late{file: e.Text}), nil
	case "wait": // until the file is there
		for {
			if _, err := os.Stat(e.Text); err == nil {
				return a, nil
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return a, nil
}

type message struct {
	MessageID string `json:"messageId"`
	Body      string `json:"body"`
}

// batch writes the bodies of messages as a line of the file in FILE. It fails for
// the body "fail", answers what follows "answer ", and else reports each "bad".
func batch(records []message) (any, error) {
	var bodies []string
	var reply any
	var err error
	failures := []map[string]string{}
	for _, m := range records {
		bodies = append(bodies, m.Body)
		switch {
		case m.Body == "fail":
			err = errors.New("failed")
		case m.Body == "bad":
			failures = append(failures, map[string]string{"itemIdentifier": m.MessageID})
		case strings.HasPrefix(m.Body, "answer "):
			reply = strings.NewReader(strings.TrimPrefix(m.Body, "answer "))
		}
	}
	f, failed := os.OpenFile(os.Getenv("FILE"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if failed != nil {
		return nil, failed
	}
	defer f.Close()
	fmt.Fprintln(f, strings.Join(bodies, ","))
	if reply == nil {
		reply = map[string]any{"batchItemFailures": failures}
	}
	return reply, err
}

// late is the text "late", once the file is there; of no file an error.
type late struct{ file, rest string }

func (l *late) Read(p []byte) (int, error) {
	if l.file == "" {
		return 0, errors.New("broken off")
	}
	if l.rest == "" {
		for _, err := os.Stat(l.file); err != nil; _, err = os.Stat(l.file) {
			time.Sleep(10 * time.Millisecond)
		}
		l.rest = "late."
	}
	n := copy(p, l.rest[:len(l.rest)-1])
	if l.rest = l.rest[n:]; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func main() {
	switch os.Getenv("START") {
	case "exit":
		os.Exit(7)
	case "quiet":
		os.Exit(0)
	}
	lambda.Start(handle)
}
