using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// A product from pictures to pictures, one line an example. Threads share the examples, or the positions where there are few examples.
/// </summary>
/// <param name="plan">Where the terms are.</param>
/// <param name="rooms">Room for each thread.</param>
internal sealed class PictureWork(PicturePlan plan, ThreadRoom[] rooms) : SharedWork
{
    /// <summary>So many examples for each thread are shared well enough, even where they are no multiple of the threads.</summary>
    private const int EnoughExamples = 8;

    private readonly int _targetGroup = plan.TargetChannels / plan.Groups;
    private Matrix _source, _right, _begin, _target;
    private Finish? _finish;

    /// <param name="source">batch × source pictures, row-major.</param>
    /// <param name="right">For each group one row a term × the target's channels of the group.</param>
    /// <param name="begin">groups × the target's channels of the group: what chains start from.</param>
    /// <param name="target">batch × target pictures, row-major.</param>
    /// <param name="finish">What to do with each finished picture; null: nothing.</param>
    public void Set(Matrix source, Matrix right, Matrix begin, Matrix target, Finish? finish)
        => (_source, _right, _begin, _target, _finish) = (source, right, begin, target, finish);

    public override void Run(int part, int parts)
    {
        var byExamples = _source.Rows % parts == 0 || _source.Rows >= EnoughExamples * parts;
        var examples = byExamples ? Strips.Of(_source.Rows, 1, part, parts) : new(0, _source.Rows);
        var alongPositions = byExamples && plan.AreLanesPositions;
        var together = byExamples && !alongPositions ? Math.Min(plan.Together, examples.To - examples.From) : 1;
        var room = rooms[part];
        var pictures = plan.IsCopied ? room.Pictures.Take(together * plan.PaddedSize) : default;
        pictures.Clear();
        var results = plan.IsRagged && !alongPositions ? room.Rows.Take(together * plan.TargetPositions * plan.ResultStep) : default;
        if (together > 1)
        {
            FillOffsets(room, together);
        }

        for (var start = examples.From; start < examples.To; start += together)
        {
            var chunk = new Range<int>(start, Math.Min(start + together, examples.To));
            for (var example = start; plan.IsCopied && example < chunk.To; example++)
            {
                plan.CopyPadded(_source.Row(example), pictures[((example - start) * plan.PaddedSize)..]);
            }

            var offset = 0;
            foreach (var phase in plan.Phases)
            {
                var rows = byExamples ? new(0, phase.Rows.Length) : Strips.Of(phase.Rows.Length, Matrix.Granule, part, parts);
                if (alongPositions)
                {
                    AlongPositions(phase, start, pictures, room);
                }
                else
                {
                    Phase(phase, chunk, rows, together == 1 ? null : room, offset, pictures, results);
                }

                offset += together * phase.Rows.Length;
                Finish(chunk, rows, phase.Rows.Length);
            }
        }
    }

    /// <summary>The rows of several examples, phase by phase, one example after the other.</summary>
    private void FillOffsets(ThreadRoom room, int together)
    {
        var count = together * plan.TargetPositions;
        Span<int> rows = room.Offsets.Take(count), into = room.IntoOffsets.Take(count);
        var (step, intoStep, next) = (SourceStep, IntoStep, 0);
        foreach (var phase in plan.Phases)
        {
            for (var example = 0; example < together; example++)
            {
                for (var row = 0; row < phase.Rows.Length; row++, next++)
                {
                    (rows[next], into[next]) = (example * step + phase.Rows[row], example * intoStep + phase.Into[row]);
                }
            }
        }
    }

    private int SourceStep => plan.IsCopied ? plan.PaddedSize : _source.RowStride;

    private int IntoStep => plan.IsRagged ? plan.TargetPositions * plan.ResultStep : _target.RowStride;

    /// <summary>Some rows of some examples; of several examples the offsets lie in the room, from <paramref name="offset"/> on.</summary>
    private void Phase(
        PicturePhase phase, Range<int> examples, Range<int> rows, ThreadRoom? offsets, int offset, Span<float> pictures,
        Span<float> results)
    {
        var count = (examples.To - examples.From) * (rows.To - rows.From);
        ReadOnlySpan<int> from = phase.Rows.AsSpan(rows.From, rows.To - rows.From), to = phase.Into.AsSpan(rows.From, rows.To - rows.From);
        if (offsets is not null)
        {
            from = offsets.Offsets.Take(offset + count)[offset..];
            to = offsets.IntoOffsets.Take(offset + count)[offset..];
        }

        for (var group = 0; group < plan.Groups; group++)
        {
            ref var left = ref plan.IsCopied ? ref MemoryMarshal.GetReference(pictures)
                : ref _source.Origin.At(examples.From * _source.RowStride);
            ref var into = ref plan.IsRagged ? ref MemoryMarshal.GetReference(results)
                : ref _target.Origin.At(examples.From * _target.RowStride + group * _targetGroup);
            new OffsetProduct(
                ref left.At(group * plan.SourceGroupStep), from, phase.Inner,
                ref _right.Origin.At((group * plan.Terms + phase.FirstTerm) * _right.RowStride), _right.RowStride,
                ref into, to, _targetGroup, ref _begin.Origin.At(group * _begin.RowStride)).Run();
            for (var example = examples.From; plan.IsRagged && example < examples.To; example++)
            {
                var result = results[((example - examples.From) * IntoStep)..];
                var target = _target.Row(example)[(group * _targetGroup)..];
                for (var row = rows.From; row < rows.To; row++)
                {
                    Line.Copy(ref result[phase.Into[row]], ref target[phase.Targets[row]], _targetGroup);
                }
            }
        }
    }

    /// <summary>All positions of one example, in vectors of them. The results are planes, and are turned.</summary>
    private void AlongPositions(PicturePhase phase, int example, Span<float> pictures, ThreadRoom room)
    {
        var vectors = phase.Vectors!;
        var step = Matrix.Padded(vectors.Starts.Length * (Compute.VectorBits / (8 * sizeof(float))));
        var results = room.Rows.Take(2 * PicturePlan.FewChannels * step);
        var turned = results[(PicturePlan.FewChannels * step)..];
        for (var group = 0; group < plan.Groups; group++)
        {
            var positions = new Positions(
                phase, pictures[(group * plan.SourceGroupStep)..],
                ref _right.Origin.At((group * plan.Terms + phase.FirstTerm) * _right.RowStride), _right.RowStride,
                _begin.Row(group), _targetGroup, results, step);
            Lanes.Run(ref positions);
            ref var into = ref MemoryMarshal.GetReference(results);
            Transposition.TurnEight(ref into, step, step, ref turned[0]);
            var target = _target.Row(example)[(group * _targetGroup)..];
            for (var row = 0; row < vectors.Places.Length; row++)
            {
                Line.Copy(ref turned[vectors.Places[row] * PicturePlan.FewChannels], ref target[phase.Targets[row]], _targetGroup);
            }
        }
    }

    /// <summary>Rows that begin at a multiple of a cache line's floats begin and end at whole vectors, whatever the channels.</summary>
    private void Finish(Range<int> examples, Range<int> rows, int allRows)
    {
        if (_finish is null || rows.From == rows.To)
        {
            return;
        }

        var end = rows.To == allRows ? Matrix.Padded(_target.Columns) : rows.To * plan.TargetChannels;
        for (var example = examples.From; example < examples.To; example++)
        {
            _finish.Apply(_target, new(example, example + 1), new(rows.From * plan.TargetChannels, end));
        }
    }

    /// <summary>A group's channels at all positions of a phase.</summary>
    private readonly ref struct Positions(
        PicturePhase phase, Span<float> planes, ref float right, int rightStep, ReadOnlySpan<float> begin, int channels,
        Span<float> results, int step) : ILanesWork
    {
        private readonly ref float _planes = ref MemoryMarshal.GetReference(planes), _right = ref right;
        private readonly ref float _results = ref MemoryMarshal.GetReference(results);
        private readonly ReadOnlySpan<float> _begin = begin;

        public void Run<T>()
            where T : struct, ILanes<T>
            => new PositionKernel<T>(phase).Run(ref _planes, ref _right, rightStep, _begin, channels, ref _results, step);
    }
}
