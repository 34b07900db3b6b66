// Go with the SDK and govips: goroutines that each receive ten messages and work on them, as many
// decodes at a time as there are CPUs, one thread of libvips a picture and no cache of it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/davidbyttow/govips/v2/vips"
)

type spec struct {
	Name   string
	Width  int
	Height int
}

type event struct {
	Records []struct {
		S3 struct {
			Object struct{ Key string }
		}
	}
}

type rendition struct {
	name string
	body []byte
}

type worker struct {
	s3       *s3.Client
	sqs      *sqs.Client
	recipe   []spec
	decoders chan struct{}
}

func main() {
	vips.LoggingSettings(nil, vips.LogLevelError)
	vips.Startup(&vips.Config{ConcurrencyLevel: 1, MaxCacheSize: 0, MaxCacheMem: 0, MaxCacheFiles: 0})
	ctx := context.Background()
	// The SDK's own client, since only that one takes the authorities that AWS_CA_BUNDLE names.
	client := awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.MaxIdleConnsPerHost = 200
	})
	settings, err := config.LoadDefaultConfig(ctx,
		config.WithHTTPClient(client),
		config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired))
	check(err)
	cpus := runtime.NumCPU()
	w := worker{
		s3:       s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true }),
		sqs:      sqs.NewFromConfig(settings),
		decoders: make(chan struct{}, 2*cpus),
	}
	check(json.Unmarshal([]byte(os.Getenv("RECIPE")), &w.recipe))
	for count := 1; count < 2*cpus; count++ {
		go w.consume(ctx)
	}
	w.consume(ctx)
}

func (w *worker) consume(ctx context.Context) {
	queue := aws.String(os.Getenv("QUEUE_URL"))
	for {
		answer, err := w.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 20})
		check(err)
		if len(answer.Messages) == 0 {
			continue
		}
		entries := make([]sqstypes.DeleteMessageBatchRequestEntry, len(answer.Messages))
		each(len(answer.Messages), func(index int) {
			message := answer.Messages[index]
			w.process(ctx, *message.Body)
			entries[index] = sqstypes.DeleteMessageBatchRequestEntry{
				Id: message.MessageId, ReceiptHandle: message.ReceiptHandle}
		})
		input := &sqs.DeleteMessageBatchInput{QueueUrl: queue, Entries: entries}
		_, err = w.sqs.DeleteMessageBatch(ctx, input)
		check(err)
	}
}

func (w *worker) process(ctx context.Context, body string) {
	var message event
	check(json.Unmarshal([]byte(body), &message))
	for _, record := range message.Records {
		key, err := url.QueryUnescape(record.S3.Object.Key)
		check(err)
		answer, err := w.s3.GetObject(ctx, &s3.GetObjectInput{
			Bucket: aws.String(os.Getenv("SOURCE_BUCKET")), Key: &key})
		check(err)
		source := make([]byte, *answer.ContentLength)
		_, err = io.ReadFull(answer.Body, source)
		check(err)
		answer.Body.Close()
		kind := "image/jpeg"
		if strings.HasSuffix(key, ".png") {
			kind = "image/png"
		}
		w.decoders <- struct{}{}
		renditions := w.render(source, kind)
		<-w.decoders
		each(len(renditions), func(index int) {
			path := strings.TrimPrefix(key, os.Getenv("SOURCE_PREFIX"))
			target := os.Getenv("DESTINATION_PREFIX") + renditions[index].name + "/" + path
			_, err := w.s3.PutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String(os.Getenv("DESTINATION_BUCKET")), Key: &target,
				Body: bytes.NewReader(renditions[index].body), ContentType: &kind})
			check(err)
		})
	}
}

// A decode for each rendition, at the scale that libjpeg can shrink to: govips keeps no pixels
// between two pipelines.
func (w *worker) render(source []byte, kind string) []rendition {
	renditions := make([]rendition, 0, len(w.recipe))
	for _, one := range w.recipe {
		image, err := vips.NewThumbnailWithSizeFromBuffer(
			source, one.Width, one.Height, vips.InterestingNone, vips.SizeDown)
		check(err)
		renditions = append(renditions, rendition{one.Name, save(image, kind)})
		image.Close()
	}
	return renditions
}

func save(image *vips.ImageRef, kind string) []byte {
	var body []byte
	var err error
	if kind == "image/png" {
		body, _, err = image.ExportPng(&vips.PngExportParams{Compression: 6, StripMetadata: true})
	} else {
		body, _, err = image.ExportJpeg(&vips.JpegExportParams{
			Quality: 80, OptimizeCoding: true, StripMetadata: true,
			SubsampleMode: vips.VipsForeignSubsampleAuto})
	}
	check(err)
	return body
}

func each(count int, work func(int)) {
	var group sync.WaitGroup
	for index := 0; index < count; index++ {
		group.Add(1)
		go func() {
			defer group.Done()
			work(index)
		}()
	}
	group.Wait()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
