using System.Globalization;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Sets each unit to 0 with a given probability while the network learns, and divides the others by the probability of staying; answers
/// use all units. Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15 (2014).
/// </summary>
public sealed class Dropout : Module
{
    private static readonly ModuleArgument _probability
        = new("probability", 0.2, "The probability with which a unit is left out.") { IsRequired = true, AtLeast = 0, Below = 1 };

    /// <summary>Makes one.</summary>
    /// <param name="name">Its name; the masks are drawn from the stream <c>noise/dropout/name</c> of the training.</param>
    /// <param name="shape">The shape of its inputs and outputs.</param>
    /// <param name="probability">The probability with which a unit is left out, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1).</exception>
    public Dropout(string name, Shape shape, double probability)
        : base(name, shape, shape)
        => Probability = probability is >= 0 and < 1
            ? probability
            : throw new ArgumentOutOfRangeException(
                nameof(probability), probability, "the probability of leaving a unit out must be in [0, 1)");

    /// <summary>Its line in a catalog.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<Dropout>(
        "dropout",
        "Sets each unit to 0 with a probability while the network learns, and divides the others by that of staying.",
        (planned, _) => new Dropout(planned.Name, planned.From, planned.Argument(_probability)))
    {
        NamePrefix = "drop",
        Arguments = [_probability],
    };

    /// <summary>The probability with which a unit is left out.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override string Kind => "dropout";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { [_probability.Id] = Probability };

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new DropoutRun(
            Probability, setup.Stream($"dropout/{Name}"), new Matrix(setup.MaxBatch, To.Size), new Matrix(setup.MaxBatch, To.Size));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: dropout {Probability}");
}

/// <summary>Dropout in one pass.</summary>
/// <param name="probability">The probability with which a unit is left out.</param>
/// <param name="random">The stream of masks; null in a pass that only answers.</param>
/// <param name="output">maxBatch × units.</param>
/// <param name="mask">maxBatch × units.</param>
internal sealed class DropoutRun(double probability, RandomStream? random, Matrix output, Matrix mask) : ModuleRun
{
    private Matrix _mask;

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; } = random is null ? [] : [random];

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        Output = output.Top(input.Rows);
        Output.CopyFrom(input);
        _mask = default;
        if (mode == PassMode.Learn && probability > 0)
        {
            _mask = mask.Top(input.Rows);
            Draw(random ?? throw new InvalidOperationException("this pass was made for answers and has no random numbers for dropout"));
            Elementwise.Map(Output, _mask, default(Times));
        }
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        if (_mask.Rows > 0)
        {
            Elementwise.Map(error, _mask, default(Times));
        }

        return error;
    }

    private void Draw(RandomStream stream)
    {
        var kept = (float)(1 / (1 - probability));
        for (var example = 0; example < _mask.Rows; example++)
        {
            foreach (ref var factor in _mask.Row(example))
            {
                factor = stream.NextDouble() < probability ? 0 : kept;
            }
        }
    }
}
