using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Direct feedback alignment through random kernels: to a site below a convolution the output's error comes as if every position of that
/// convolution had it, back through a kernel of the same size, stride and padding, with one filter for each output. Below a dense layer it
/// is direct feedback alignment. As in the package BioTorch (Sanfiz and Akrout, arXiv 2108.13446, 2021).
/// </summary>
/// <remarks>
/// All positions far from the border get the same error, one number for each channel. So it is another algorithm than a matrix from the
/// outputs to every unit.
/// </remarks>
public sealed class RepeatedDirectFeedbackAlignmentRule : BroadcastRule
{
    private readonly LinearMap[] _maps;
    private readonly WeightSource[] _feedback;
    private readonly Matrix[] _repeated;

    /// <summary>Its line in the catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "repeated-direct-feedback-alignment",
        "repeated direct feedback alignment",
        "Direct feedback alignment in which all positions of a convolution send the same error, through a random kernel.",
        "Sanfiz & Akrout 2021, arXiv 2108.13446 (package BioTorch)",
        setup => new RepeatedDirectFeedbackAlignmentRule(setup))
    {
        Notes = new()
        {
            Formula = "eₗ = the transposed convolution of δ_L, repeated at every position, with Bₗ",
            Route = ErrorRoute.Direct,
            Carrier = "B random, a kernel",
            Operations = "those of the transposed convolution above each site, with C filters; in dense networks C Σ nₗ, as direct "
                + "feedback alignment",
            Memory = "C k² channels for each site below a convolution, and one example's error at all its positions; C nₗ elsewhere",
            CountOperations = network => network.PooledSites.Sum(site => Weights(site, network) * (site.Above?.Positions ?? 1)),
            CountMemory = network => network.PooledSites.Sum(
                site => Weights(site, network) + (site.Above is { } above ? network.Outputs * above.Positions : 0)),
            Pitfalls =
            [
                "Far from the border all positions of a channel get the same error. A filter then learns from the sum of its inputs "
                + "alone, weighted by its derivatives.",
                "It is not direct feedback alignment as Nøkland has it, which has a weight of its own for every unit and output.",
            ],
            Choices =
            [
                "The error is brought to the inputs of the layer above, as in the package. Where pooling follows an activation, that is "
                + "after pooling, so the rule needs feedback.sites pooled there.",
                "Where a picture is followed by something else than a layer, such as a normalization or a sum, the kernel is one weight "
                + "from each output to each channel.",
            ],
            Unverified = ["We know the rule from the package's code, not from a paper that defines it."],
        },
    };

    /// <summary>Draws the feedback weights.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and how to draw feedback weights.</param>
    /// <exception cref="ArgumentException">Pooling follows a site, so that the layer above does not take what the site gives.</exception>
    public RepeatedDirectFeedbackAlignmentRule(RuleSetup setup)
        : base(setup)
    {
        _maps = [.. Sites.Select(Map)];
        _feedback = setup.DrawFeedbackThrough(_maps);
        _repeated = [.. _maps.Select(map => map is DenseMap ? default : new Matrix(MaxBatch, map.To.Size))];
        Feedback = FeedbackPath.Direct(_feedback, this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    protected override void BringError(in Site at, Matrix signal, Matrix error)
    {
        var map = _maps[at.Index];
        if (map is DenseMap)
        {
            map.Backward(signal, through: _feedback[at.Index], error);
            return;
        }

        var repeated = _repeated[at.Index].Top(signal.Rows);
        for (var example = 0; example < signal.Rows; example++)
        {
            Span<float> one = signal.Row(example), all = repeated.Row(example);
            for (; all.Length > 0; all = all[one.Length..])
            {
                one.CopyTo(all);
            }
        }

        map.Backward(repeated, through: _feedback[at.Index], error);
    }

    private static long Weights(SiteCounts site, NetworkCounts network) => network.Outputs * (site.Above?.Columns ?? site.Units);

    private LinearMap Map(NetworkSite site)
    {
        if (site.Pooling == SitePooling.Before)
        {
            throw new ArgumentException(
                $"{Entry.Name} brings its error to the inputs of the layer above {site.Module.Name}, which takes what pooling gives; set "
                    + "feedback.sites to pooled");
        }

        var shape = site.Module.To;
        return shape.Height * shape.Width == 1 || (site.IsJustBelow && site.Above.Map is DenseMap)
            ? new DenseMap(shape.Size, Network.Outputs, Network.Compute)
            : new ConvolutionMap(
                shape, Network.Outputs,
                site is { IsJustBelow: true, Above.Map: ConvolutionMap { Options: var above } } ? above with { Groups = 1 }
                    : new() { Kernel = Extent.Square(1) }, Network.Compute);
    }
}
