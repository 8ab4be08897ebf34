package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// workload is one case: so many clients put or get objects of one size.
type workload struct {
	get        bool
	size       int
	clients    int
	operations int // of one run, by all clients together
}

func workloads() (all []workload) {
	for _, w := range []workload{{size: 1 << 10, operations: 400}, {size: 1 << 20, operations: 64}, {size: 16 << 20, operations: 16}} {
		for _, w.clients = range []int{1, 8} {
			for _, w.get = range []bool{false, true} {
				all = append(all, w)
			}
		}
	}
	return all
}

func (w workload) String() string {
	verb, clients, size := "put", fmt.Sprintf("%d clients", w.clients), fmt.Sprintf("%d MB", w.size>>20)
	if w.get {
		verb = "get"
	}
	if w.clients == 1 {
		clients = "1 client"
	}
	if w.size < 1<<20 {
		size = fmt.Sprintf("%d KB", w.size>>10)
	}
	return fmt.Sprintf("%s %s, %s", verb, size, clients)
}

// compare runs each workload on all servers in turn, several times, and prints
// what the first does in a second, how many times as much as each other, and how
// many times the CPU each other needs for it: on a busy machine that differs less
// from run to run.
func compare(ctx context.Context, out io.Writer, servers []*server, rounds int) error {
	fmt.Fprintf(out, "%-24s%10s", "", servers[0].name)
	for _, s := range servers[1:] {
		fmt.Fprintf(out, "  / %-11s CPU", s.name)
	}
	fmt.Fprintln(out)
	for _, w := range workloads() {
		rates := make([][]float64, len(servers)) // operations in a second, by server and round
		used := make([]float64, len(servers))    // CPU of all rounds
		for round := range rounds + 1 {          // the first opens connections and does not count
			for i := range servers {
				i = (i + round) % len(servers)
				before := servers[i].cpu()
				rate, err := w.run(ctx, servers[i].client)
				if err != nil {
					return fmt.Errorf("%s: %s: %w", servers[i].name, w, err)
				}
				if round > 0 {
					rates[i] = append(rates[i], rate)
					used[i] += servers[i].cpu() - before
				}
			}
		}
		fmt.Fprintf(out, "%-24s%8.0f/s", w, median(rates[0]))
		for i := range servers[1:] {
			ratios := make([]float64, rounds)
			for round := range ratios {
				ratios[round] = rates[0][round] / rates[i+1][round]
			}
			verdict := "ahead"
			if median(ratios) < 1 {
				verdict = "BEHIND"
			}
			fmt.Fprintf(out, "%8.2f %-6s", median(ratios), verdict)
			if used[0] > 0 {
				fmt.Fprintf(out, " %5.2f", used[i+1]/used[0])
			}
		}
		fmt.Fprintln(out)
	}
	return nil
}

// run is how many operations a second the server carries out.
func (w workload) run(ctx context.Context, c *s3.Client) (float64, error) {
	const keys = 16
	text := bytes.Repeat([]byte("0123456789abcdef"), w.size/16)
	operation := func(n int) error {
		key := fmt.Sprintf("%d/%d", w.size, n%keys)
		if !w.get {
			_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: bytes.NewReader(text)})
			return err
		}
		o, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: &key})
		if err != nil {
			return err
		}
		defer o.Body.Close()
		got, err := io.Copy(io.Discard, o.Body)
		if err == nil && got != int64(w.size) {
			err = fmt.Errorf("%d bytes came back", got)
		}
		return err
	}
	var group sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, w.clients)
	start := time.Now()
	for i := range w.clients {
		group.Go(func() {
			for n := next.Add(1); n <= int64(w.operations) && errs[i] == nil; n = next.Add(1) {
				errs[i] = operation(int(n))
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return float64(w.operations) / took.Seconds(), nil
}

func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}
