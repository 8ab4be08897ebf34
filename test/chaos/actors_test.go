package chaos

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/process"
)

// A tally is how often each thing happened.
type tally struct {
	puts, deletes, reads, rotations, failedRotations, sweeps, retirements, kills, broken atomic.Int64
}

func (t *tally) String() string {
	return fmt.Sprintf("%d puts, %d deletes, %d reads, %d rotations (%d tries failed), %d sweeps, %d retirements, %d kills, %d of them in the middle of an event",
		t.puts.Load(), t.deletes.Load(), t.reads.Load(), t.rotations.Load(), t.failedRotations.Load(), t.sweeps.Load(), t.retirements.Load(), t.kills.Load(), t.broken.Load())
}

// passing are the failures of a machine that is busy.
var passing = []string{"S3Seal.Timeout", "S3Seal.Unavailable", "S3Seal.Throttled"}

// passes says whether the failure is one that a process which is killed, or a
// machine that is busy, excuses.
func (r *run) passes(err error) bool {
	if errors.Is(err, errKilled) {
		r.tally.broken.Add(1)
		return true
	}
	var f *failure
	return errors.As(err, &f) && slices.Contains(passing, f.ErrorType)
}

// write puts an object, or now and then deletes it. One writer has an object, so
// that it is known what was acknowledged last.
func (r *run) write(ctx context.Context, d dice, j *journal) error {
	n := j.next()
	if d.IntN(12) == 0 {
		out, err := r.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: &j.key})
		if err != nil {
			return fmt.Errorf("deleting %s: %w", j.key, err)
		}
		j.done(n, *out.VersionId)
		r.tally.deletes.Add(1)
		return nil
	}
	_, err := r.invoke(ctx, "put", object{"key": j.key, "body": strconv.Itoa(n)})
	switch {
	case err == nil:
		j.done(n, "")
		r.tally.puts.Add(1)
	case !r.passes(err):
		return fmt.Errorf("putting %s: %w", j.key, err)
	default:
		d.sleep(ctx, 500*time.Millisecond, time.Second) // for what S3 may still be carrying out
	}
	return nil
}

// read gets objects, which must have what was acknowledged last or something
// later.
func (r *run) read(ctx context.Context, d dice, journals []*journal) error {
	for ctx.Err() == nil {
		j := journals[d.IntN(len(journals))]
		before := j.acknowledged()
		out, err := r.invoke(ctx, "get", object{"key": j.key})
		var f *failure
		switch {
		case err == nil:
			var answer struct{ Body string }
			if err := json.Unmarshal(out, &answer); err != nil {
				return err
			}
			n, err := strconv.Atoi(answer.Body)
			if err != nil {
				return err
			}
			if err := j.check(n, before); err != nil {
				return fmt.Errorf("a get: %w", err)
			}
			r.tally.reads.Add(1)
		case errors.As(err, &f) && f.ErrorType == "S3Seal.ObjectNotFound": // deleted, or never put
			r.tally.reads.Add(1)
		case !r.passes(err):
			return fmt.Errorf("getting %s: %w", j.key, err)
		}
		d.sleep(ctx, 0, 30*time.Millisecond)
	}
	return nil
}

// rotate has Secrets Manager rotate the secret once. What fails is tried again,
// by Secrets Manager for the same version.
func (r *run) rotate(ctx context.Context, d dice) error {
	for ctx.Err() == nil {
		_, err := r.secrets.RotateSecret(ctx, &secretsmanager.RotateSecretInput{
			SecretId: &r.secret, ClientRequestToken: aws.String(rand.Text() + rand.Text()), RotationLambdaARN: &r.rotateARN,
		})
		if err == nil {
			r.tally.rotations.Add(1)
			return nil
		}
		excused := append([]string{"Runtime.ExitError", "Sandbox.Timedout", "previous rotation isn't complete"}, passing...)
		if !slices.ContainsFunc(excused, func(s string) bool { return strings.Contains(err.Error(), s) }) {
			return fmt.Errorf("rotating: %w", err)
		}
		r.tally.failedRotations.Add(1)
		d.sleep(ctx, 0, 20*time.Millisecond)
	}
	return nil
}

// rotates rotates now and then.
func (r *run) rotates(ctx context.Context, d dice) error {
	for ctx.Err() == nil {
		if err := r.rotate(ctx, d); err != nil {
			return err
		}
		d.sleep(ctx, 0, 2*time.Second)
	}
	return nil
}

// sweep brings all objects under the primary key, in as many events as it takes.
func (r *run) sweep(ctx context.Context) error {
	var event any = object{}
	for ctx.Err() == nil {
		out, err := r.invoke(ctx, "sweep", event)
		switch {
		case err != nil && !r.passes(err):
			return fmt.Errorf("sweeping: %w", err)
		case err != nil:
			continue // the same event again
		}
		var answer struct{ Done bool }
		if err := json.Unmarshal(out, &answer); err != nil {
			return err
		}
		if answer.Done {
			r.tally.sweeps.Add(1)
			return nil
		}
		event = json.RawMessage(out)
	}
	return nil
}

// operate does what an operator does, again and again: two rotations, a sweep, and
// the retirement of all keys but the primary.
func (r *run) operate(ctx context.Context, d dice) error {
	for ctx.Err() == nil {
		for range 2 {
			if err := r.rotate(ctx, d); err != nil {
				return err
			}
			d.sleep(ctx, 0, time.Second)
		}
		if err := r.sweep(ctx); err != nil {
			return err
		}
		for try := 0; try < 12 && ctx.Err() == nil; try++ {
			d.sleep(ctx, 200*time.Millisecond, 600*time.Millisecond)
			ring, err := r.ring(ctx)
			if err != nil {
				return err
			}
			if ring.Len() == 1 {
				break
			}
			if err := r.retire(ctx, d, ring.IDs()[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// retire runs the program that retires a key, and now and then kills it.
func (r *run) retire(ctx context.Context, d dice, keyID string) error {
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	if d.IntN(4) == 0 {
		timer := time.AfterFunc(time.Duration(d.IntN(150))*time.Millisecond, cancel)
		defer timer.Stop()
	}
	c := process.Command(limited, r.retirer, keyID)
	c.Env = append(r.aws.Env(account), "BUCKET_NAME="+bucket, "SECRET_ARN="+r.secret, fmt.Sprintf("FUNCTION_TIMEOUT=%ds", functionTimeout))
	out, err := c.CombinedOutput()
	switch {
	case err == nil:
		r.tally.retirements.Add(1)
	case limited.Err() != nil:
		r.tally.kills.Add(1)
		r.tally.broken.Add(1)
	case c.ProcessState != nil && c.ProcessState.ExitCode() == 3: // refused
	default:
		return fmt.Errorf("retiring %s: %w: %s", keyID, err, out)
	}
	return nil
}

// kill ends processes, among them such as are in the middle of an event.
func (r *run) kill(ctx context.Context, d dice) error {
	for ctx.Err() == nil {
		d.sleep(ctx, 20*time.Millisecond, 700*time.Millisecond)
		found := processes(functions[d.IntN(len(functions))])
		d.Shuffle(len(found), func(i, k int) { found[i], found[k] = found[k], found[i] })
		for _, pid := range found[:min(len(found), 1+d.IntN(3))] {
			if kill(pid) {
				r.tally.kills.Add(1)
			}
		}
	}
	return nil
}
