namespace FeedbackAlignment.Numerics;

/// <summary>Adds the sums of blocks of examples, in their order; threads share the numbers of the filters.</summary>
/// <param name="plan">The plan of the forward product.</param>
/// <param name="room">Where the sums are.</param>
internal sealed class BlockSumsWork(PicturePlan plan, ConvolutionRoom room) : SharedWork
{
    private readonly int _filters = plan.TargetChannels / plan.Groups;
    private Matrix _into;
    private Range<int> _blocks;

    /// <param name="blocks">Which blocks.</param>
    /// <param name="into">numbers of a filter × filters, row-major; the first block sets it, the others are added.</param>
    public void Set(Range<int> blocks, Matrix into) => (_blocks, _into) = (blocks, into);

    public override void Run(int part, int parts)
    {
        var rows = Strips.Of(plan.Terms, Matrix.Granule, part, parts);
        var ofABlock = plan.Groups * plan.Terms * plan.ResultStep;
        ReadOnlySpan<float> sums = room.Sums.Take((_blocks.To - _blocks.From) * ofABlock);
        for (var row = rows.From; row < rows.To; row++)
        {
            for (var group = 0; group < plan.Groups; group++)
            {
                var into = _into.Row(row).Slice(group * _filters, _filters);
                for (var block = _blocks.From; block < _blocks.To; block++)
                {
                    var place = (block - _blocks.From) * ofABlock + (group * plan.Terms + row) * plan.ResultStep;
                    Add(sums.Slice(place, _filters), into, isFirst: block == 0);
                }
            }
        }
    }

    private static void Add(ReadOnlySpan<float> sums, Span<float> into, bool isFirst)
    {
        if (isFirst)
        {
            sums.CopyTo(into);
            return;
        }

        var whole = into.Length / Matrix.Granule * Matrix.Granule;
        Elementwise.Map(into[..whole], sums[..whole], new AddScaled(1));
        for (var i = whole; i < into.Length; i++)
        {
            into[i] += sums[i];
        }
    }
}
