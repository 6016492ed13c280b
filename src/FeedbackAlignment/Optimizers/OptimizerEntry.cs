using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>
/// An optimizer as a catalog knows it. What it remembers is seen from a small one; the entry only says what nobody can see.
/// </summary>
/// <param name="id">Its name in specs, files and on the command line: lower-case words joined by hyphens.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="make">Makes one of the groups and settings; <see cref="Create"/> checks.</param>
/// <example>
/// <code>
/// static readonly OptimizerEntry ClampedSgd = new(
///     "clamped-sgd", "Steps of at most the learning rate.", setup =&gt; new ClampedSgd(setup.Groups, setup.DecayMode));
/// return FaCommand.Run(args, Components.Standard with { Optimizers = OptimizerEntry.Standard.With(ClampedSgd) });
/// </code>
/// </example>
public sealed class OptimizerEntry(string id, string summary, Func<OptimizerSetup, Optimizer> make) : ICatalogEntry
{
    /// <summary>Stochastic gradient descent: the optimizer of a spec that names none.</summary>
    public static OptimizerEntry Sgd { get; } = new(
        "sgd",
        "Stochastic gradient descent, optionally with momentum.",
        setup => new Sgd(setup.Groups, setup.Momentum, setup.Nesterov, setup.DecayMode))
    {
        HasMomentum = true,
        DefaultLearningRate = OfPlainSteps,
    };

    /// <summary>The optimizers of this library.</summary>
    public static Catalog<OptimizerEntry> Standard { get; } = new(
        "optimizer",
        Sgd,
        new(
            "compensated-sgd",
            "The same without momentum, but it keeps the remainders of rounding. For errors that fall by many powers of ten.",
            setup => new CompensatedSgd(setup.Groups, setup.DecayMode))
        {
            DefaultLearningRate = OfPlainSteps,
        },
        new(
            "sign-sgd",
            "Batch Manhattan: SGD on the sign of each number of the gradient, optionally with momentum. Clipping has no effect on signs.",
            setup => new SignSgd(setup.Groups, setup.Momentum, setup.Nesterov, setup.DecayMode))
        {
            HasMomentum = true,
        },
        new(
            "rmsprop",
            "Steps divided by the square root of a running mean of squared gradients.",
            setup => new RmsProp(setup.Groups, setup.Rho, setup.Epsilon, setup.DecayMode)),
        new("adam", "Running means of the gradient and of its square, corrected for their start at 0.", MakeAdam),
        new(
            "adamw",
            "The same under the field's name for its decoupled weight decay, which is 0.01 unless given, as in PyTorch. Unlike there, "
            + "biases and normalizations do not decay. With equal decay it is `adam` to the bit.",
            MakeAdam)
        {
            DefaultWeightDecay = Adam.DecayOfAdamW,
            IsDecoupled = true,
        });

    /// <inheritdoc/>
    public string Id { get; } = id;

    /// <inheritdoc/>
    public string Summary { get; } = summary;

    /// <summary>The numbers of its own that can be set, besides those that specs have for all.</summary>
    public IReadOnlyList<OptimizerOption> Options { get; init; } = [];

    /// <summary>
    /// Whether it uses <see cref="OptimizerSetup.Momentum"/> and <see cref="OptimizerSetup.Nesterov"/>. Specs refuse both for others.
    /// </summary>
    public bool HasMomentum { get; init; }

    /// <summary>Whether its name stands for decoupled weight decay: the coupled one is then refused.</summary>
    public bool IsDecoupled { get; init; }

    /// <summary>λ where none is given.</summary>
    public float DefaultWeightDecay { get; init; }

    /// <summary>η where none is given, by whether the targets are classes, and by the momentum.</summary>
    public Func<bool, float, float> DefaultLearningRate { get; init; } = (_, _) => 0.001f;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="setup">Groups of parameters and settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or it has no such option.</exception>
    /// <exception cref="InvalidOperationException">
    /// What it made does not move the groups that it was given, with the decay they say.
    /// </exception>
    public Optimizer Create(OptimizerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        foreach (var (id, value) in setup.Options)
        {
            var option = Options.FirstOrDefault(option => option.Id == id)
                ?? throw new ArgumentException(
                    $"{Id} has no option \"{id}\"; it has "
                    + (Options.Count == 0 ? "none" : string.Join(", ", Options.Select(option => option.Id))),
                    nameof(setup));
            if (option.Objection(value) is { } objection)
            {
                throw new ArgumentException($"{Id}, option {id}: {objection}", nameof(setup));
            }
        }

        if (IsDecoupled && setup.DecayMode == WeightDecayMode.Coupled)
        {
            throw new ArgumentException(Optimizer.RefusalOfCoupledDecay(Id), nameof(setup));
        }

        var made = make(setup);
        return made.Groups.SequenceEqual(setup.Groups) && made.DecayMode == setup.DecayMode
            ? made
            : throw new InvalidOperationException(
                $"{Id} makes an optimizer of other groups or another meaning of weight decay than it is given; hand on "
                + $"{nameof(OptimizerSetup.Groups)} and {nameof(OptimizerSetup.DecayMode)} as they are");
    }

    /// <summary>One of a single number, with some settings: what it remembers of each parameter can be seen from it.</summary>
    /// <param name="settings">The settings.</param>
    internal Optimizer Smallest(OptimizerSetup settings)
        => Create(settings with { Groups = [new ParameterGroup([new Parameter("one", ParameterKind.Weights, new Matrix(1, 1))])] });

    /// <summary>What it makes of coupled decay.</summary>
    /// <param name="settings">Right settings.</param>
    internal CoupledDecaySupport CoupledDecay(OptimizerSetup settings)
        => IsDecoupled ? CoupledDecaySupport.Refused : Smallest(settings with { DecayMode = default }).CoupledDecay;

    private static Adam MakeAdam(OptimizerSetup setup)
        => new(setup.Groups, setup.Beta1, setup.Beta2, setup.Epsilon, setup.DecayMode);

    /// <summary>Squared errors of numbers are less patient than classes, and momentum makes steps longer.</summary>
    private static float OfPlainSteps(bool areClasses, float momentum) => !areClasses ? 0.01f : momentum > 0 ? 0.05f : 0.1f;
}
