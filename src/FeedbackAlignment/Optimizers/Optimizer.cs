using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>What a weight decay of λ does to a weight at each step, before the gradient's part.</summary>
public enum WeightDecayMode
{
    /// <summary>w ← w (1 − ηλ), η the learning rate: the decoupled form of Loshchilov and Hutter 2019.</summary>
    TimesLearningRate,

    /// <summary>w ← w (1 − λ), whatever the learning rate: the reading of the paper's α that gives its shallow curve.</summary>
    PerStep,
}

/// <summary>How a gradient becomes a step. It moves the parameters it was given and no others.</summary>
/// <remarks>
/// Weight decay differs from PyTorch's <c>SGD</c>, <c>RMSprop</c> and <c>Adam</c>, which add λw to the gradient. Here it is decoupled
/// under every optimizer, with momentum and under RMSProp too: the weight shrinks by itself, and λ never enters what the optimizer
/// remembers. Biases never decay; in PyTorch they do.
/// </remarks>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;

    /// <summary>Takes the parameters.</summary>
    /// <param name="id">Its name in specs and checkpoints.</param>
    /// <param name="parameters">What to move: the network's parameters, and a rule's own.</param>
    /// <param name="weightDecay">λ ≥ 0.</param>
    /// <param name="decayMode">What λ means.</param>
    private protected Optimizer(string id, IEnumerable<Parameter> parameters, float weightDecay, WeightDecayMode decayMode)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!float.IsFinite(weightDecay) || weightDecay < 0 || (decayMode == WeightDecayMode.PerStep && weightDecay >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(weightDecay), weightDecay, "must be a finite number ≥ 0, and < 1 if taken at every step");
        }

        _parameters = [.. parameters];
        (Id, WeightDecay, DecayMode) = (id, weightDecay, decayMode);
    }

    /// <summary>Its name in specs, on the command line and in checkpoints, e.g. <c>adam</c>.</summary>
    public string Id { get; }

    /// <summary>What it moves.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>λ, the share by which weights shrink.</summary>
    public float WeightDecay { get; }

    /// <summary>What λ means.</summary>
    public WeightDecayMode DecayMode { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What it remembers from step to step; empty for one without memory.</summary>
    public virtual IReadOnlyList<OptimizerMemory> Memory => [];

    /// <summary>Takes one step. A parameter for which the rule gave no gradient is left alone.</summary>
    /// <param name="gradients">The gradients of the mean loss.</param>
    /// <param name="learningRate">η of this step.</param>
    public void Step(Gradients gradients, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Steps++;
        for (var index = 0; index < _parameters.Length; index++)
        {
            var gradient = gradients[_parameters[index]];
            if (gradient.IsPresent)
            {
                Move(index, gradient, learningRate, KeptShare(_parameters[index], learningRate));
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
        RestoreSteps(steps);
    }

    /// <summary>Takes over the number of steps where they are counted for each parameter.</summary>
    private protected virtual void RestoreSteps(long steps)
    {
    }

    /// <summary>Adds its settings to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add(Identity.Kind, Id);
        identity.Add("parameters", _parameters.Select(parameter => parameter.Name));
        identity.Add("weightDecay", WeightDecay);
        identity.Add("weightDecayMode", DecayMode == WeightDecayMode.PerStep ? "per-step" : "times-learning-rate");
        IdentifyKind(identity);
    }

    /// <summary>Adds the settings that this kind of optimizer has besides; by default there are none.</summary>
    private protected virtual void IdentifyKind(Identity identity)
    {
    }

    /// <summary>Carries what goes on to the next step.</summary>
    internal void Carry(StateCarrier state)
    {
        Steps = state.Carry("optimizer/steps", Steps);
        CarryMemory(state);
    }

    /// <summary>Carries what it remembers of the parameters; by default <see cref="Memory"/>, which is all for most.</summary>
    private protected virtual void CarryMemory(StateCarrier state)
    {
        foreach (var memory in Memory)
        {
            foreach (var (index, values) in memory.Values.Index())
            {
                state.Carry($"optimizer/{memory.Name}/{_parameters[index].Name}", values);
            }
        }
    }

    /// <summary>Moves one parameter: first shrinks it to the kept share, then takes the step.</summary>
    /// <param name="index">Index of the parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="keptShare">1 − ηλ or 1 − λ for weights; else 1.</param>
    private protected abstract void Move(int index, Gradient gradient, float learningRate, float keptShare);

    private float KeptShare(Parameter parameter, float learningRate)
        => parameter.Kind != ParameterKind.Weights || WeightDecay == 0
            ? 1
            : 1 - (DecayMode == WeightDecayMode.PerStep ? WeightDecay : learningRate * WeightDecay);
}
