using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Networks;

/// <summary>A kind of <see cref="WeightDistribution"/> as a catalog knows it: the distribution of each scale.</summary>
/// <param name="id">Its name in specs, files and on the command line: lower-case words joined by hyphens.</param>
/// <param name="summary">What it is, in one line, with the part that the scale has in it.</param>
/// <param name="create">Makes the distribution of a scale &gt; 0.</param>
public sealed class Initialization(string id, string summary, Func<double, WeightDistribution> create) : ICatalogEntry
{
    /// <summary>The distribution of specs that name none.</summary>
    internal const string Default = "glorot-uniform";

    /// <summary>The distributions of this library.</summary>
    public static Catalog<Initialization> Standard { get; } = new(
        "initialization",
        new("uniform", "Uniform in ± scale, as in the paper.", WeightDistribution.Uniform),
        new("normal", "Normal, standard deviation = scale.", WeightDistribution.Normal),
        new("lecun-uniform", "Uniform, variance scale² ∕ inputs.", WeightDistribution.LeCunUniform),
        new("lecun-normal", "Normal, variance scale² ∕ inputs.", WeightDistribution.LeCunNormal),
        new(Default, "Uniform, variance 2·scale² ∕ (inputs + outputs).", WeightDistribution.GlorotUniform),
        new("glorot-normal", "Normal, variance 2·scale² ∕ (inputs + outputs).", WeightDistribution.GlorotNormal),
        new("he-uniform", "Uniform, variance 2·scale² ∕ inputs.", WeightDistribution.HeUniform),
        new("he-normal", "Normal, variance 2·scale² ∕ inputs.", WeightDistribution.HeNormal),
        new("zero", "All 0.", _ => WeightDistribution.Zero));

    /// <inheritdoc/>
    public string Id { get; } = id;

    /// <inheritdoc/>
    public string Summary { get; } = summary;

    /// <summary>Whether the numbers of inputs and outputs change the size of the weights.</summary>
    internal bool DependsOnFans
    {
        get
        {
            var one = Create(1);
            return Sizes.Any(size => one.Deviation(size.Outputs, size.Inputs) != one.Deviation(1, 1));
        }
    }

    /// <summary>Whether all weights are 0.</summary>
    internal bool IsZero
    {
        get
        {
            var one = Create(1);
            return Sizes.All(size => one.Deviation(size.Outputs, size.Inputs) == 0);
        }
    }

    /// <summary>Shapes whose fans differ in each way.</summary>
    internal static IReadOnlyList<(int Outputs, int Inputs)> Sizes { get; } = [(1, 1), (1, 100), (100, 1), (100, 100), (10, 784)];

    /// <summary>The distribution of a scale.</summary>
    /// <param name="scale">A finite number &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is out of range.</exception>
    public WeightDistribution Create(double scale) => create(scale);
}
