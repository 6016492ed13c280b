using System.Collections.ObjectModel;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>What a weight decay of λ does to a weight at each step.</summary>
public enum WeightDecayMode
{
    /// <summary>
    /// w ← w (1 − ηλ) before the gradient's part, η the learning rate: the decoupled form of Loshchilov and Hutter 2019.
    /// </summary>
    TimesLearningRate,

    /// <summary>w ← w (1 − λ) before it, whatever the learning rate: the reading of the paper's α that gives its shallow curve.</summary>
    PerStep,

    /// <summary>
    /// The gradient becomes g + λw, and so goes into momentum and into means of squares: the form of PyTorch's <c>SGD</c>, <c>RMSprop</c>
    /// and <c>Adam</c>. Without momentum SGD makes <see cref="TimesLearningRate"/> of it, to the bit.
    /// </summary>
    Coupled,
}

/// <summary>What an optimizer makes of <see cref="WeightDecayMode.Coupled"/>.</summary>
public enum CoupledDecaySupport
{
    /// <summary>Nothing: it is refused.</summary>
    Refused,

    /// <summary>Its steps are linear in what is added to a gradient, so weights with equal gradients come nearer to each other.</summary>
    Linear,

    /// <summary>Its steps are not, so weights with equal gradients may go apart.</summary>
    Nonlinear,
}

/// <summary>How a gradient becomes a step. It moves the parameters it was given and no others.</summary>
/// <remarks>
/// Weight decay differs from PyTorch's <c>SGD</c>, <c>RMSprop</c> and <c>Adam</c>, which add λw to the gradient. Here it is decoupled by
/// default under every optimizer, with momentum and under RMSProp too: the weight shrinks by itself, and λ never enters what the
/// optimizer remembers. <see cref="WeightDecayMode.Coupled"/> is PyTorch's form. Biases and normalizations never decay; in PyTorch they do.
/// <para>An optimizer of one's own derives from this class and writes <see cref="Move"/>. All that it remembers it asks for by
/// <see cref="Remember"/>: so checkpoints, files and <see cref="Restore"/> have it, and a stopped training goes on to the same bits.
/// </para>
/// </remarks>
/// <example>
/// Gradients of at most 1: no weight goes farther than the learning rate.
/// <code>
/// sealed class ClampedSgd(IEnumerable&lt;ParameterGroup&gt; groups, WeightDecayMode decayMode)
///     : Optimizer("clamped-sgd", groups, decayMode)
/// {
///     protected override void Move(int index, Gradient gradient, float learningRate, float keptShare)
///     {
///         var (weights, values) = (gradient.Parameter.Read(), gradient.Values);
///         for (var row = 0; row &lt; weights.Rows; row++)
///         {
///             for (var column = 0; column &lt; weights.Columns; column++)
///             {
///                 weights[row, column] = (keptShare * weights[row, column]) - (learningRate * Math.Clamp(values[row, column], -1, 1));
///             }
///         }
///     }
/// }
/// </code>
/// </example>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly ParameterGroup[] _groupOf;
    private readonly List<OptimizerMemory> _memory = [];
    private long[]? _stepsOf;

    /// <summary>Takes the parameters.</summary>
    /// <param name="id">Its name in specs and checkpoints.</param>
    /// <param name="groups">What to move: the network's parameters, and a rule's own.</param>
    /// <param name="decayMode">What λ means.</param>
    /// <param name="coupledDecay">
    /// What it makes of coupled decay; one that does not refuse it adds <see cref="CoupledDecayOf"/> times the weight to the gradient.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A parameter is in two groups, a weight decay is too great, or it is coupled and that is refused.
    /// </exception>
    protected Optimizer(
        string id,
        IEnumerable<ParameterGroup> groups,
        WeightDecayMode decayMode = WeightDecayMode.TimesLearningRate,
        CoupledDecaySupport coupledDecay = CoupledDecaySupport.Refused)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(groups);
        (Id, DecayMode, CoupledDecay, Groups) = (id, decayMode, coupledDecay, [.. groups]);
        if (decayMode == WeightDecayMode.Coupled && coupledDecay == CoupledDecaySupport.Refused)
        {
            throw new ArgumentException(RefusalOfCoupledDecay(id), nameof(decayMode));
        }

        if (Groups.FirstOrDefault(group => decayMode == WeightDecayMode.PerStep && group.WeightDecay >= 1) is { } group)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groups), group.WeightDecay, "a weight decay must be < 1 if taken at every step, or no weight is left");
        }

        _parameters = [.. Groups.SelectMany(group => group.Parameters)];
        _groupOf = [.. Groups.SelectMany(group => group.Parameters.Select(_ => group))];
        if (_parameters.GroupBy(parameter => parameter).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw new ArgumentException($"{twice} is given twice; one optimizer moves a parameter once in each step", nameof(groups));
        }
    }

    /// <summary>Its name in specs, on the command line and in checkpoints, e.g. <c>adam</c>.</summary>
    public string Id { get; }

    /// <summary>What it moves.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The same in groups, each with a learning rate and a weight decay of its own.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>What λ means.</summary>
    public WeightDecayMode DecayMode { get; }

    /// <summary>What it makes of coupled decay.</summary>
    public CoupledDecaySupport CoupledDecay { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What it remembers from step to step, all that <see cref="Remember"/> gave; empty for one without memory.</summary>
    public IReadOnlyList<OptimizerMemory> Memory => _memory;

    /// <summary>
    /// What its constructor was told besides groups and decay, number by number under names of its own. A checkpoint is refused by an
    /// optimizer with other settings.
    /// </summary>
    public virtual IReadOnlyDictionary<string, double> Settings => ReadOnlyDictionary<string, double>.Empty;

    /// <summary>Takes one step. A parameter for which the rule gave no gradient is left alone.</summary>
    /// <param name="gradients">The gradients of the mean loss.</param>
    /// <param name="learningRate">η of this step; a group's factor multiplies it.</param>
    public void Step(Gradients gradients, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Steps++;
        for (var index = 0; index < _parameters.Length; index++)
        {
            var gradient = gradients[_parameters[index]];
            if (gradient.IsPresent)
            {
                if (_stepsOf is not null)
                {
                    _stepsOf[index]++;
                }

                var (group, rate) = (_groupOf[index], learningRate * _groupOf[index].LearningRateFactor);
                Move(index, gradient, rate, KeptShare(_parameters[index].Kind, group.WeightDecay, rate));
            }
        }
    }

    /// <summary>
    /// Goes to where an optimizer of the same kind stood at some moment, if every parameter had a gradient at each of its steps.
    /// </summary>
    /// <param name="steps">Steps that it had taken, ≥ 0.</param>
    /// <param name="remembered">
    /// What it remembered of a parameter, of the parameter's shape, by the name of the memory (<c>exp_avg</c>).
    /// </param>
    /// <exception cref="ArgumentException">A matrix has another shape.</exception>
    public void Restore(long steps, Func<string, Parameter, Matrix> remembered)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentNullException.ThrowIfNull(remembered);
        foreach (var memory in Memory)
        {
            foreach (var (index, values) in memory.Values.Index())
            {
                var from = remembered(memory.Name, _parameters[index]);
                from.RequireShape(values.Rows, values.Columns, nameof(remembered));
                values.CopyFrom(from);
            }
        }

        Steps = steps;
        if (_stepsOf is not null)
        {
            Array.Fill(_stepsOf, steps);
        }
    }

    /// <summary>
    /// Makes something to remember of every parameter. To be called in the constructor, once for each thing; checkpoints have it from then
    /// on.
    /// </summary>
    /// <param name="name">Its name in files, of letters, digits and <c>_</c>, e.g. <c>momentum_buffer</c>.</param>
    /// <returns>A matrix of zeros like each parameter, which <see cref="Move"/> reads and writes.</returns>
    /// <exception cref="ArgumentException">It cannot have this name, or something else has it.</exception>
    /// <exception cref="InvalidOperationException">A step has been taken.</exception>
    protected IReadOnlyList<Matrix> Remember(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Steps > 0)
        {
            throw new InvalidOperationException($"{Id} cannot begin to remember {name} after a step; ask for it in the constructor");
        }

        if (!name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_')
            || _memory.Exists(memory => memory.Name == name))
        {
            throw new ArgumentException(
                $"{Id} cannot remember something as \"{name}\": a name has letters, digits and _, and stands for one thing", nameof(name));
        }

        _memory.Add(new OptimizerMemory(name, [.. _parameters.Select(like => new Matrix(like.Rows, like.Columns, like.Order))]));
        return _memory[^1].Values;
    }

    /// <summary>Counts the steps of each parameter from now on, for <see cref="StepsOf"/>. To be called in the constructor.</summary>
    protected void CountStepsOfEach() => _stepsOf = new long[_parameters.Length];

    /// <summary>Steps that a parameter has taken, this one included: one that was left alone has taken fewer than others.</summary>
    /// <param name="index">Its index among <see cref="Parameters"/>.</param>
    /// <exception cref="InvalidOperationException">They are not counted.</exception>
    protected long StepsOf(int index) => _stepsOf is { } counts ? counts[index]
        : throw new InvalidOperationException($"call {nameof(CountStepsOfEach)} in the constructor of {GetType().Name}");

    /// <summary>λ where λw is to be added to a parameter's gradient; else 0.</summary>
    /// <param name="index">Its index among <see cref="Parameters"/>.</param>
    protected float CoupledDecayOf(int index)
        => DecayMode == WeightDecayMode.Coupled && _parameters[index].Kind == ParameterKind.Weights ? _groupOf[index].WeightDecay : 0;

    /// <summary>Why coupled decay is refused.</summary>
    internal static string RefusalOfCoupledDecay(string id)
        => $"{id} does not add weight decay to the gradient; choose another meaning of the decay, or another optimizer, e.g. sgd";

    /// <summary>Whether it counts the steps of each parameter.</summary>
    internal bool CountsSteps => _stepsOf is not null;

    /// <summary>The steps of each parameter; null: they are not counted.</summary>
    internal long[]? StepCounts => _stepsOf;

    /// <summary>The group of a parameter that it moves.</summary>
    internal ParameterGroup GroupOf(Parameter parameter) => _groupOf[Array.IndexOf(_parameters, parameter)];

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add(Identity.Kind, Id);
        foreach (var (index, group) in Groups.Index())
        {
            var section = index == 0 ? identity : identity.In($"group{index + 1}");
            section.Add("parameters", group.Parameters.Select(parameter => parameter.Name));
            section.Add("weightDecay", group.WeightDecay);

            // A factor of 1 is none, so that states from before there were groups are those of the same training.
            if (group.LearningRateFactor != 1)
            {
                section.Add("learningRateFactor", group.LearningRateFactor);
            }
        }

        identity.Add("weightDecayMode", DecayMode switch
        {
            WeightDecayMode.PerStep => "per-step",
            WeightDecayMode.Coupled => "coupled",
            _ => "times-learning-rate",
        });
        IdentifyKind(identity);
    }

    /// <summary>Adds the settings that this kind of optimizer has besides.</summary>
    private protected virtual void IdentifyKind(Identity identity)
    {
        foreach (var (name, value) in Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            identity.In("settings").Add(name, value);
        }
    }

    /// <summary>Carries what goes on to the next step.</summary>
    internal void Carry(StateCarrier state)
    {
        Steps = state.Carry("optimizer/steps", Steps);
        foreach (var memory in Memory)
        {
            foreach (var (index, values) in memory.Values.Index())
            {
                state.Carry($"optimizer/{memory.Name}/{_parameters[index].Name}", values);
            }
        }

        if (_stepsOf is not null)
        {
            state.Carry("optimizer/steps-of-each", _stepsOf);
        }
    }

    /// <summary>Moves one parameter: first shrinks it to the kept share, then takes the step. Must allocate nothing.</summary>
    /// <param name="index">Index of the parameter, also in what <see cref="Remember"/> gave.</param>
    /// <param name="gradient">Its gradient; <see cref="Gradient.Parameter"/> is what to move.</param>
    /// <param name="learningRate">η, times the group's factor.</param>
    /// <param name="keptShare">1 − ηλ or 1 − λ for weights; 1 for others, and where decay is coupled.</param>
    protected abstract void Move(int index, Gradient gradient, float learningRate, float keptShare);

    /// <summary>Steps every number of a parameter, with what coupled decay adds to its gradient.</summary>
    /// <param name="index">Index of the parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="state1">What is remembered of it, first.</param>
    /// <param name="state2">What is remembered of it, second; the first again where there is no second.</param>
    /// <param name="step">The optimizer's arithmetic.</param>
    private protected void Take<TStep>(int index, Gradient gradient, Matrix state1, Matrix state2, TStep step)
        where TStep : struct, IStep
    {
        var weights = gradient.Parameter.Read();
        if (CoupledDecayOf(index) is not 0 and var decay)
        {
            Elementwise.Step(weights, gradient.Values, state1, state2, new WithDecay<TStep>(step, decay));
        }
        else
        {
            Elementwise.Step(weights, gradient.Values, state1, state2, step);
        }
    }

    private float KeptShare(ParameterKind kind, float weightDecay, float rate)
        => kind != ParameterKind.Weights || weightDecay == 0 || DecayMode == WeightDecayMode.Coupled
            ? 1
            : 1 - (DecayMode == WeightDecayMode.PerStep ? weightDecay : rate * weightDecay);
}
