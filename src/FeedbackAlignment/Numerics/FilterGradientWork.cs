using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Gradients of filters, one for each block of examples: every number of a filter is a row, whose terms are the positions of the output.
/// Threads share the blocks, or the numbers of the filters where there is one block.
/// </summary>
/// <param name="plan">The plan of the forward product, whose rows and terms change places here.</param>
/// <param name="room">Room for the sums, and for each thread.</param>
internal sealed class FilterGradientWork(PicturePlan plan, ConvolutionRoom room) : SharedWork
{
    /// <summary>Rows that a thread gets: whole tiles.</summary>
    private const int TileRows = 8;

    /// <summary>Longer rows would lie in few sets of the first-level cache. They are copied to an odd number of cache lines each.</summary>
    private const int MostFloatsInPlace = 64;

    private readonly int _filters = plan.TargetChannels / plan.Groups;
    private readonly int[] _terms = plan.Phases[0].Inner, _positions = plan.Phases[0].Rows;
    private readonly int[] _sumRows = [.. Enumerable.Range(0, plan.Terms).Select(row => row * plan.ResultStep)];
    private readonly bool _copiesErrors = plan.IsRagged || plan.Together > 1 || plan.TargetChannels > MostFloatsInPlace;
    private readonly int _copiedStep = plan.ResultStep + (plan.ResultStep / Matrix.Granule % 2 == 0 ? Matrix.Granule : 0);
    private readonly FilterPairs? _pairs = FilterPairs.Of(plan);
    private Matrix _error, _input, _begin;
    private Range<int> _blocks;

    /// <summary>Floats of a block's sums: groups × numbers of a filter × filters of the group, these padded.</summary>
    public int SumsOfABlock { get; } = plan.Groups * plan.Terms * plan.ResultStep;

    /// <param name="error">batch × output pictures, row-major.</param>
    /// <param name="input">batch × input pictures, row-major.</param>
    /// <param name="zeros">1 × filters of a group: where chains start.</param>
    public void Set(Matrix error, Matrix input, Matrix zeros) => (_error, _input, _begin) = (error, input, zeros);

    /// <summary>Which blocks of examples to sum next.</summary>
    /// <param name="blocks">Their sums lie one behind the other, the first block's first.</param>
    public void Next(Range<int> blocks)
    {
        _blocks = blocks;
        _ = room.Sums.Take((blocks.To - blocks.From) * SumsOfABlock);
    }

    public override void Run(int part, int parts)
    {
        var thread = room.Threads[part];
        var together = Math.Min(plan.Together, Convolution.ExamplesPerBlock);
        var pictures = plan.IsCopied ? thread.Pictures.Take(together * plan.PaddedSize + FilterPairs.ReadBeyond) : default;
        pictures.Clear();
        var errors = _copiesErrors ? thread.Rows.Take(together * plan.TargetPositions * _copiedStep) : default;
        ReadOnlySpan<int> positions = together == 1 ? _positions : FillPositions(thread, together);
        var (count, allRows) = (_blocks.To - _blocks.From, _pairs?.Count ?? plan.Terms);
        var (blocks, rows) = count == 1
            ? (_blocks, Strips.Of(allRows, TileRows, part, parts))
            : (Strips.Of(count, 1, part, parts), new(0, allRows));
        if (count > 1)
        {
            blocks = new(_blocks.From + blocks.From, _blocks.From + blocks.To);
        }

        for (var block = blocks.From; rows.From < rows.To && block < blocks.To; block++)
        {
            var end = Math.Min((block + 1) * Convolution.ExamplesPerBlock, _error.Rows);
            for (var start = block * Convolution.ExamplesPerBlock; start < end; start += together)
            {
                Add(block, new(start, Math.Min(start + together, end)), rows, positions, pictures, errors, thread);
            }

            for (var group = 0; _pairs is not null && group < plan.Groups; group++)
            {
                _pairs.Part(PairSums(thread, group), rows, Sums(block, group), plan.ResultStep, _filters);
            }
        }
    }

    private int InputStep => plan.IsCopied ? plan.PaddedSize : _input.RowStride;

    /// <summary>Where the output's positions lie in the inputs of several examples.</summary>
    private Span<int> FillPositions(ThreadRoom thread, int together)
    {
        var positions = thread.Offsets.Take(together * _positions.Length);
        for (var i = 0; i < positions.Length; i++)
        {
            var (example, position) = Math.DivRem(i, _positions.Length);
            positions[i] = example * InputStep + _positions[position];
        }

        return positions;
    }

    /// <summary>Adds the terms of some examples to their block's sums.</summary>
    private void Add(
        int block, Range<int> examples, Range<int> rows, ReadOnlySpan<int> positions, Span<float> pictures, Span<float> errors,
        ThreadRoom thread)
    {
        var count = examples.To - examples.From;
        for (var example = examples.From; plan.IsCopied && example < examples.To; example++)
        {
            plan.CopyPadded(_input.Row(example), pictures[((example - examples.From) * plan.PaddedSize)..]);
        }

        var terms = positions[..(count * _positions.Length)];
        var (from, length) = (rows.From, rows.To - rows.From);
        for (var group = 0; group < plan.Groups; group++)
        {
            for (var example = examples.From; _copiesErrors && example < examples.To; example++)
            {
                CopyErrors(_error.Row(example), group, errors[((example - examples.From) * _positions.Length * _copiedStep)..]);
            }

            ref var left = ref plan.IsCopied ? ref MemoryMarshal.GetReference(pictures)
                : ref _input.Origin.At(examples.From * _input.RowStride);
            ref var right = ref _copiesErrors ? ref MemoryMarshal.GetReference(errors)
                : ref _error.Origin.At(examples.From * _error.RowStride + group * _filters);
            var accumulate = examples.From % Convolution.ExamplesPerBlock != 0;
            if (_pairs is null)
            {
                var product = new OffsetProduct(
                    ref left.At(group * plan.SourceGroupStep), _terms.AsSpan(from, length), terms,
                    ref right, _copiesErrors ? _copiedStep : plan.TargetChannels,
                    ref Sums(block, group)[0], _sumRows.AsSpan(from, length), _filters, ref _begin.Origin, accumulate);
                Lanes.Run(ref product);
            }
            else
            {
                var product = new OffsetProduct(
                    ref left.At(group * plan.SourceGroupStep), _pairs.Rows.AsSpan(from, length), terms, ref right, _copiedStep,
                    ref PairSums(thread, group)[0], _pairs.Into.AsSpan(from, length), 2 * _filters, ref _begin.Origin, accumulate)
                {
                    InPairs = true,
                };
                Lanes.Run(ref product);
            }
        }
    }

    /// <summary>A group's sums of a block.</summary>
    private Span<float> Sums(int block, int group)
    {
        var start = (block - _blocks.From) * SumsOfABlock;
        return room.Sums.Take(start + SumsOfABlock)[(start + group * plan.Terms * plan.ResultStep)..];
    }

    /// <summary>The same while they are in pairs.</summary>
    private Span<float> PairSums(ThreadRoom thread, int group)
        => thread.PairSums.Take(plan.Groups * _pairs!.Count * FilterPairs.Step)[(group * _pairs.Count * FilterPairs.Step)..];

    /// <summary>A group's errors at every position, in padded rows.</summary>
    private void CopyErrors(Span<float> error, int group, Span<float> rows)
    {
        if (_pairs is not null)
        {
            FilterPairs.CopyTwice(error[(group * _filters)..], plan.TargetChannels, _positions.Length, rows, _copiedStep, _filters);
            return;
        }

        for (var position = 0; position < _positions.Length; position++)
        {
            Line.Copy(ref error[position * plan.TargetChannels + group * _filters], ref rows[position * _copiedStep], _filters);
        }
    }
}
