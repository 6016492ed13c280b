namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>
/// A step on ranks that share the layers, played through event by event: what ends or arrives next, and what a rank that is free then
/// begins.
/// </summary>
public sealed class StepSimulation
{
    private readonly LayerSchedule _schedule;
    private readonly int _ranks, _microBatches;
    private readonly StageTimes _times;
    private readonly PriorityQueue<Happening, (double Time, int Number)> _queue = new();
    private readonly Rank[] _all;
    private int _number;
    private double _now;

    private StepSimulation(LayerSchedule schedule, int ranks, int microBatches, in StageTimes times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatches, 1);
        (_schedule, _ranks, _microBatches, _times) = (schedule, ranks, microBatches, times);
        _all = [.. Enumerable.Range(0, ranks).Select(_ => new Rank())];
        _all[0].Inputs = microBatches;
    }

    private enum Work
    {
        Forward,
        Error,
        Gradient,
        ErrorAndGradient,
    }

    /// <summary>Seconds of one step.</summary>
    /// <param name="schedule">The order of the work.</param>
    /// <param name="ranks">K ≥ 1.</param>
    /// <param name="microBatches">m ≥ 1.</param>
    /// <param name="times">What a rank needs for a micro-batch.</param>
    public static double Seconds(LayerSchedule schedule, int ranks, int microBatches, in StageTimes times)
        => new StepSimulation(schedule, ranks, microBatches, times).Run();

    private double Run()
    {
        BeginWhatCanBegin();
        while (_queue.TryDequeue(out var happening, out var when))
        {
            _now = when.Time;
            Take(happening);

            // What happens at the same moment is known before a rank chooses.
            while (_queue.TryPeek(out _, out var next) && next.Time == _now)
            {
                Take(_queue.Dequeue());
            }

            BeginWhatCanBegin();
        }

        return _now;
    }

    private void Take(Happening happening)
    {
        var rank = _all[happening.Rank];
        switch (happening)
        {
            case { Arrives: Work.Forward }:
                rank.Inputs++;
                return;
            case { Arrives: not null }:
                rank.Errors++;
                return;
        }

        rank.IsBusy = false;
        var isLast = happening.Rank == _ranks - 1;
        switch (happening.Ends)
        {
            case Work.Forward when !isLast:
                Arrive(happening.Rank + 1, Work.Forward, _times.Hop);
                break;
            case Work.Forward when _schedule != LayerSchedule.Direct:
                rank.Errors++;
                break;
            case Work.Forward when rank.Forwards == _microBatches:
                for (var other = 0; other < _ranks; other++)
                {
                    for (var i = 0; i < _microBatches; i++)
                    {
                        Arrive(other, Work.Error, _times.Broadcast);
                    }
                }

                break;
            case Work.Error or Work.ErrorAndGradient when happening.Rank > 0:
                Arrive(happening.Rank - 1, Work.Error, _times.Hop);
                break;
        }
    }

    private void BeginWhatCanBegin()
    {
        for (var place = 0; place < _ranks; place++)
        {
            if (!_all[place].IsBusy && Choose(place) is { } work)
            {
                Begin(place, work);
            }
        }
    }

    private Work? Choose(int place)
    {
        var rank = _all[place];
        var (canForward, canBack) = (rank.Forwards < rank.Inputs, rank.Backs < rank.Errors);
        var atOnce = _ranks - place;
        switch (_schedule)
        {
            case LayerSchedule.Direct:
                return canForward ? Work.Forward : canBack ? Work.Gradient : null;
            case LayerSchedule.GPipe:
                return canForward ? Work.Forward : canBack && rank.Forwards == _microBatches ? Work.ErrorAndGradient : null;
            case LayerSchedule.OneForwardOneBackward:
                // In turns, once as many are under way as ranks follow.
                return rank.Forwards - rank.Backs == atOnce || rank.Forwards == _microBatches
                    ? canBack ? Work.ErrorAndGradient : null
                    : canForward ? Work.Forward : null;
            default:
                return canBack ? Work.Error
                    : canForward && rank.Forwards - rank.Backs < atOnce ? Work.Forward
                    : rank.Gradients < rank.Backs ? Work.Gradient : null;
        }
    }

    private void Begin(int place, Work work)
    {
        var rank = _all[place];
        rank.IsBusy = true;
        rank.Forwards += work == Work.Forward ? 1 : 0;
        rank.Backs += work is Work.Error or Work.ErrorAndGradient || (work == Work.Gradient && _schedule == LayerSchedule.Direct) ? 1 : 0;
        rank.Gradients += work == Work.Gradient ? 1 : 0;
        Put(new(place, Ends: work), work switch
        {
            Work.Forward => _times.Forward,
            Work.Error => _times.Error,
            Work.Gradient => _times.Gradient,
            _ => _times.Error + _times.Gradient,
        });
    }

    private void Arrive(int rank, Work what, double after) => Put(new(rank, Arrives: what), after);

    private void Put(Happening happening, double after) => _queue.Enqueue(happening, (_now + after, _number++));

    private readonly record struct Happening(int Rank, Work? Ends = null, Work? Arrives = null);

    private sealed class Rank
    {
        public bool IsBusy { get; set; }

        /// <summary>Micro-batches whose inputs are here.</summary>
        public int Inputs { get; set; }

        /// <summary>Micro-batches whose errors are here.</summary>
        public int Errors { get; set; }

        /// <summary>Micro-batches that have gone forward, or do.</summary>
        public int Forwards { get; set; }

        /// <summary>Micro-batches whose errors have gone on, or do.</summary>
        public int Backs { get; set; }

        /// <summary>Micro-batches whose gradients are taken, or are being taken.</summary>
        public int Gradients { get; set; }
    }
}
