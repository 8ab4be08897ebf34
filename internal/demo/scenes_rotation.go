package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

// rotating is what the scenes about the key ring have.
type rotating struct {
	*stageplay
	bucket, secret string
	bodies         map[string]string // of the objects that must be readable at every step
	old            []string          // keys that were the primary, the oldest first
	primary        string
	found          *account.SSEC // what is deployed, once a retirement has asked
	waited         time.Duration // since the ring changed, without this machine's clock
}

// rotations plays the life of the keys in a key ring.
func (p *stageplay) rotations(ctx context.Context) {
	p.replacedKey(ctx)
	r := &rotating{
		stageplay: p, bucket: p.output("buckets", "SseCBucket"), secret: p.output("buckets", "SseCKeyRingArn"),
		bodies: map[string]string{"hello.txt": content, "test-object": "s3seal!"}, // from the scenes before
	}
	r.rotateTwice(ctx)
	r.sweep(ctx)
	r.retire(ctx)
}

// ring reads the key ring.
func (p *stageplay) ring(ctx context.Context) (*ssec.Ring, error) {
	text, err := p.secretText(ctx, p.output("buckets", "SseCKeyRingArn"), "AWSCURRENT")
	if err != nil {
		return nil, err
	}
	return ssec.ParseRing(text)
}

func (r *rotating) rotateTwice(ctx context.Context) {
	r.scene("A key ring: two rotations, and every object stays readable",
		"A rotation adds a key to the ring and keeps the others. An object names its key in a tag.")
	r.showRing(ctx, "1 key, primary k0")
	r.put(ctx, "one.txt", "", "k0")
	r.rotate(ctx)
	r.put(ctx, "two.txt", "  # the function may keep its ring for 5 minutes", r.old[0])
	r.readAll(ctx)
	r.coldStart()
	r.put(ctx, "three.txt", "", r.primary)
	r.readAll(ctx)
	r.rotate(ctx)
	r.coldStart()
	r.put(ctx, "four.txt", "", r.primary)
	r.readAll(ctx)
}

// showRing shows the keys of the ring, and which of them is the primary.
func (r *rotating) showRing(ctx context.Context, want string) {
	got := ""
	ring, err := r.ring(ctx)
	if err != nil {
		got = outcome(err)
	} else {
		r.primary, _ = ring.Primary()
		keys := "keys"
		if ring.Len() == 1 {
			keys = "key"
		}
		got = fmt.Sprintf("ok %d %s, primary %s", ring.Len(), keys, r.primary)
	}
	r.step("aws secretsmanager get-secret-value --secret-id "+r.secret, got, "ok "+want)
}

// put puts an object through the put function, whose answer names the key.
func (r *rotating) put(ctx context.Context, key, remark, under string) {
	r.bodies[key] = "text of " + key
	payload := fmt.Sprintf(`{"key":%q,"body":%q}`, key, r.bodies[key])
	function := r.output("buckets", "SseCPut")
	r.step(fmt.Sprintf(`aws lambda invoke --function-name %s --payload '{"key":%q,…}'%s`, function, key, remark),
		r.invoke(ctx, function, payload, "keyId"), "ok "+under)
}

func (r *rotating) rotate(ctx context.Context) {
	r.old = append(r.old, r.primary)
	_, err := r.administrator.secrets.RotateSecret(ctx, &secretsmanager.RotateSecretInput{SecretId: &r.secret})
	r.step("aws secretsmanager rotate-secret --secret-id "+r.secret, outcome(err), "ok")
	r.showRing(ctx, fmt.Sprintf("%d keys, primary k2", len(r.old)+1))
}

// readAll reads every object through the get function.
func (r *rotating) readAll(ctx context.Context) {
	function := r.output("buckets", "SseCGet")
	keys := slices.Sorted(maps.Keys(r.bodies))
	all := "ok, readable: " + strings.Join(keys, ", ")
	got := all
	for _, key := range keys {
		if body := r.invoke(ctx, function, fmt.Sprintf(`{"key":%q}`, key), "body"); body != "ok "+r.bodies[key] {
			got = key + ": " + body
			break
		}
	}
	r.step("aws lambda invoke --function-name "+function+` --payload '{"key":KEY}'  # for every object`, got, all)
}

// coldStart has the functions read the ring anew.
func (r *rotating) coldStart() {
	r.server.EndIdleFunctions()
	r.step("# Lambda ends the idle functions, and will start them anew", "ok", "ok")
}

// wait lets time pass by the clock that a retirement reads. The functions' processes
// have another, and would keep their rings: so they end.
func (r *rotating) wait() {
	r.waited += 30 * time.Minute // more than sweep.Grace of the functions
	r.server.EndIdleFunctions()
	r.step("# 30 minutes pass, and Lambda ends the idle functions", "ok", "ok")
}

func (r *rotating) sweep(ctx context.Context) {
	r.scene("A sweep brings every object to the newest key",
		"It copies each object that is under an older key onto itself. The version before stays, as noncurrent, under its key.")
	r.step(r.sweepCommand()+" --payload '{\"plan\":true}'", r.swept(ctx, `{"plan":true}`),
		fmt.Sprintf("ok … 4 toMove under %s … 1 toMove under %s … 1 current under %s", r.old[0], r.old[1], r.primary))
	r.step(r.sweepCommand(), r.swept(ctx, `{}`),
		fmt.Sprintf("ok … 4 moved from %s … 1 moved from %s … 1 current under %s", r.old[0], r.old[1], r.primary))
	r.step(r.sweepCommand()+"  # again", r.swept(ctx, `{}`),
		fmt.Sprintf("ok … 6 current under %s … 4 noncurrent under %s … 1 noncurrent under %s", r.primary, r.old[0], r.old[1]))
	r.readAll(ctx)
}

func (r *rotating) sweepCommand() string {
	return "aws lambda invoke --function-name " + r.output("buckets", "SseCSweep")
}

// swept invokes the sweep function, and says what its report counts.
func (r *rotating) swept(ctx context.Context, payload string) string {
	var answer sweep.Sweep
	if got := r.answer(ctx, r.output("buckets", "SseCSweep"), payload, &answer); got != "ok" {
		return got
	}
	if !answer.Done || answer.Report == nil {
		return "the sweep is not done"
	}
	var counts []string
	for _, c := range answer.Report.Counts {
		where := "under"
		if c.State == sweep.Moved {
			where = "from"
		}
		counts = append(counts, fmt.Sprintf("%d %s %s %s", c.Versions, c.State, where, c.KeyID))
	}
	slices.Sort(counts)
	return "ok " + strings.Join(counts, ", ")
}
