using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeedbackAlignment.Experiments.Watching;

namespace FeedbackAlignment.Live;

/// <summary>
/// Server-sent events about the runs, for one tab: <c>runs</c> (what they are) and <c>readings</c> (what one has recorded since the place
/// that the tab has). The request says these places, so a tab that comes back catches up. Nothing is kept for a tab: what it does not take
/// in time stays in the files, and old readings are sent thinned.
/// </summary>
/// <param name="watch">The runs.</param>
/// <param name="ends">The end of the server, which tabs are told.</param>
/// <param name="breaksOff">Its sudden end.</param>
internal sealed class EventStream(Watch watch, CancellationToken ends, CancellationToken breaksOff)
{
    /// <summary>Bytes of a request.</summary>
    public const int LongestRequest = 1 << 18;

    /// <summary>Evaluations, and measurements of each layer, in one event.</summary>
    private const int MostReadings = 500;

    private const int MostStreams = 16;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Default,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private int _streams;

    public async Task WriteAsync(HttpContext context)
    {
        Dictionary<string, PlaceInTab>? asked;
        try
        {
            asked = (await JsonSerializer.DeserializeAsync<EventRequest>(context.Request.Body, _json, context.RequestAborted)
                .ConfigureAwait(false))?.Places;
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (Interlocked.Increment(ref _streams) > MostStreams)
        {
            Interlocked.Decrement(ref _streams);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, breaksOff);
            await SendAsync(context.Response, Places(asked), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The tab was closed, or nobody is to be told.
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task SendAsync(HttpResponse response, Dictionary<string, ReadingPlace> places, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, ends);
        var said = "";
        bool isOver;
        do
        {
            // What was written until the end is sent after it, too.
            isOver = ends.IsCancellationRequested;
            var now = watch.Now();
            var states = JsonSerializer.Serialize(new { now.Title, now.Folder, now.HasMore, Runs = now.States }, _json);
            if (states != said)
            {
                await WriteAsync(response, "runs", states, stop).ConfigureAwait(false);
                said = states;
            }

            var isAll = true;
            foreach (var (run, state) in now.Runs.Zip(now.States))
            {
                if (run.Read(places.GetValueOrDefault(run.Id)) is { } read)
                {
                    isAll &= read.IsAll;
                    places[run.Id] = read.To;
                    if (read.Forget || read.Curve.Count + read.Layers.Count + read.Unreadable > 0)
                    {
                        await WriteAsync(response, "readings", JsonSerializer.Serialize(OfTab(run.Id, state.Id, read), _json), stop)
                            .ConfigureAwait(false);
                    }
                }
            }

            await response.Body.FlushAsync(stop).ConfigureAwait(false);
            if (isAll && !isOver)
            {
                await Task.Delay(_pause, either.Token)
                    .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                    .ConfigureAwait(false);
                stop.ThrowIfCancellationRequested();
            }
        }
        while (!isOver);

        await WriteAsync(response, "end", "{}", stop).ConfigureAwait(false);
    }

    private static object OfTab(string key, string id, RunReadings read) => new
    {
        Key = key,
        Run = id,
        read.Forget,
        To = new PlaceInTab(read.To.Byte, read.To.Mark.ToString("x16", CultureInfo.InvariantCulture)),
        Curve = Thinned(read.Curve).Select(point => new[] { point.Examples, point.TrainLoss, point.ValidationLoss, point.ValidationError }),
        Layers = read.Layers.GroupBy(point => point.Layer).Select(layer => new
        {
            Name = layer.Key,
            Points = Thinned([.. layer])
                .Select(point => new[] { point.Examples, point.ErrorAngle, point.GradientAngle, point.PositiveShare }),
        }),
        read.Unreadable,
    };

    /// <summary>Every so many readings, and the last one.</summary>
    private static IEnumerable<T> Thinned<T>(IReadOnlyList<T> readings)
    {
        var step = (readings.Count + MostReadings - 1) / MostReadings;
        return step <= 1 ? readings : readings.Where((_, index) => index % step == 0 || index == readings.Count - 1);
    }

    private static Dictionary<string, ReadingPlace> Places(Dictionary<string, PlaceInTab>? asked)
    {
        Dictionary<string, ReadingPlace> places = [];
        foreach (var (run, place) in asked ?? [])
        {
            if (place is { Byte: >= 0 } && ulong.TryParse(place.Mark, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mark))
            {
                places[run] = new ReadingPlace(place.Byte, mark);
            }
        }

        return places;
    }

    /// <summary>JSON has no line breaks, so an event is one line of data.</summary>
    private static Task WriteAsync(HttpResponse response, string kind, string json, CancellationToken stop)
        => response.WriteAsync($"event: {kind}\ndata: {json}\n\n", stop);

    private sealed record EventRequest(Dictionary<string, PlaceInTab>? Places);

    private sealed record PlaceInTab(long Byte, string Mark);
}
