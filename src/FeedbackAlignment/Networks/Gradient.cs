using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The gradient of the mean loss of a batch with respect to one parameter. A weight matrix's gradient is a product, errorᵀ · input;
/// it is kept as its two factors until somebody asks for its <see cref="Values"/>, so an optimizer without memory can add it straight
/// into the weights.
/// </summary>
public sealed class Gradient
{
    private readonly Compute _compute;
    private readonly Gradients _all;
    private readonly PairMap<TakeScaled> _scaling = new(default);
    private readonly RowMean _mean = new();
    private Matrix _values;
    private Matrix _error, _input, _scaledError;
    private readonly bool _isFar;
    private float _divisor;
    private bool _hasFactors, _formed;
    private float _share = 1;

    /// <param name="all">Those it is one of; they know by what sums are divided.</param>
    /// <param name="parameter">What it is the gradient of.</param>
    /// <param name="compute">Does the product.</param>
    /// <param name="isFar">Whether so much else is learned between two steps that the parameter has left the near caches.</param>
    internal Gradient(Gradients all, Parameter parameter, Compute compute, bool isFar)
    {
        Parameter = parameter;
        (_all, _compute, _isFar) = (all, compute, isFar);
    }

    /// <summary>What it is the gradient of.</summary>
    public Parameter Parameter { get; }

    /// <summary>Whether the rule gave one. A parameter without a gradient is left alone: it neither moves nor decays.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>
    /// The gradient, of the parameter's shape, 0 where a connection is missing. Valid until the rule or network that gave it runs again.
    /// All zeros where it is not <see cref="IsPresent"/>.
    /// </summary>
    public Matrix Values
    {
        get
        {
            var values = Buffer();
            if (!_formed)
            {
                Form(values);
                _formed = true;
            }

            return values;
        }
    }

    /// <summary>Where its values are; what is in it is not defined until they are formed.</summary>
    internal Matrix Memory
    {
        get => Buffer();
        set => _values = value;
    }

    /// <summary>
    /// Sets it to the mean over a batch of the outer products error ⊗ input. Where an example has several rows, as weights have that are
    /// used at several time steps, they are added: the mean is over examples (<see cref="Gradients.Examples"/>).
    /// </summary>
    /// <param name="error">rows × outputs: ∂loss/∂pre-activation of each example. Kept, not copied.</param>
    /// <param name="input">rows × inputs: what the weights were multiplied with. Kept, not copied.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the parameter, or the error is column-major.</exception>
    public void SetMeanOuterProduct(in Matrix error, in Matrix input)
    {
        error.RequireShape(input.Rows, Parameter.Rows, nameof(error));
        input.RequireShape(error.Rows, Parameter.Columns, nameof(input));
        error.RequireRowMajor(nameof(error));
        (_error, _input, _divisor) = (error, input, _all.Divisor(error));
        (IsPresent, _hasFactors, _formed, _share) = (true, true, false, 1);
    }

    /// <summary>Sets it to the mean over a batch of the errors themselves: the gradient of biases. Rows of one example are added.</summary>
    /// <param name="error">rows × outputs: ∂loss/∂pre-activation of each example.</param>
    /// <exception cref="ArgumentException">The width does not fit the parameter, or the error is column-major.</exception>
    public void SetMean(in Matrix error)
    {
        error.RequireShape(error.Rows, Parameter.Columns, nameof(error));
        error.RequireRowMajor(nameof(error));
        _mean.Divisor = _all.Divisor(error);
        _compute.Map(_mean, Buffer(), error);
        (IsPresent, _hasFactors, _formed, _share) = (true, false, Parameter.Connections is null, 1);
    }

    /// <summary>
    /// A buffer of the parameter's shape for a rule to write the gradient into, whole. What is in it is not defined; what is written
    /// where a connection is missing does not count.
    /// </summary>
    public Matrix Write()
    {
        (IsPresent, _hasFactors, _formed, _share) = (true, false, Parameter.Connections is null, 1);
        return Buffer();
    }

    /// <summary>By what a sum over the rows of an error is divided.</summary>
    internal float Divisor(in Matrix error) => _all.Divisor(error);

    /// <summary>Divides what was written, a sum over positions and examples, by the number of examples.</summary>
    /// <param name="error">The error whose rows were summed.</param>
    internal void Divide(in Matrix error) => Elementwise.Map(_values, new Scale(1f / _all.Divisor(error)));

    /// <summary>Says that the rule gives no gradient for this parameter.</summary>
    public void Clear() => (IsPresent, _hasFactors, _formed, _share) = (false, false, false, 1);

    /// <summary>
    /// target += factor · gradient. A gradient still in its factors is added without being formed, in one pass over the target.
    /// </summary>
    /// <param name="target">A matrix of the parameter's shape and order.</param>
    /// <param name="factor">The factor, e.g. minus the learning rate.</param>
    /// <exception cref="ArgumentException">The target has another shape or order.</exception>
    public void AddTo(Matrix target, float factor)
    {
        target.RequireShape(Parameter.Rows, Parameter.Columns, nameof(target));
        if (target.Order != Parameter.Order)
        {
            throw new ArgumentException($"the target is {target.Order}, must be {Parameter.Order} like {Parameter}", nameof(target));
        }

        if (!IsPresent)
        {
            return;
        }

        // Also when the values have been formed: that somebody looked at a gradient must not change a bit of the training.
        if (_hasFactors && Parameter.Connections is null)
        {
            var scaled = ScaledError(factor * _share / _divisor);
            _compute.Product(scaled.Transposed, _input, target, start: target, finish: null, _isFar);
        }
        else
        {
            Elementwise.Map(target, Values, new AddScaled(factor));
        }
    }

    /// <summary>
    /// gradient ← share · gradient. One that is still in its factors stays so, and a share of 1 changes no bit of what follows.
    /// </summary>
    internal void Shorten(float share)
    {
        _share *= share;
        if (_formed && share != 1)
        {
            Elementwise.Map(_values, new Scale(share));
        }
    }

    /// <summary>
    /// Σ g², in double and in a fixed order. That of a single outer product is the product of two sums; others are formed for it.
    /// </summary>
    internal double SquaredNorm() => !IsPresent ? 0
        : _hasFactors && Parameter.Connections is null && _error.Rows == 1
            ? Reductions.Dot(_error, _error) * Reductions.Dot(_input, _input) * _share * _share / (_divisor * _divisor)
            : Reductions.Dot(Values, Values);

    /// <summary>
    /// w ← kept · w + factor · gradient, for the parameter itself. The step of one example is put off until the weights are wanted next,
    /// which is in the forward pass: then one walk over the weights does both. Missing connections need the gradient formed.
    /// </summary>
    /// <param name="factor">Minus the learning rate.</param>
    /// <param name="kept">1 minus the weight decay.</param>
    internal void Descend(float factor, float kept)
    {
        if (_hasFactors && Parameter.Connections is null && _error.Rows == 1 && _input.Order == MatrixOrder.RowMajor && Parameter.Order == MatrixOrder.ColumnMajor)
        {
            Parameter.Postpone(ScaledError(factor * _share / _divisor), _input, kept, _compute);
            return;
        }

        var weights = Parameter.Read();
        if (kept != 1)
        {
            Elementwise.Map(weights, new Scale(kept));
        }

        AddTo(weights, factor);
    }

    private void Form(Matrix values)
    {
        if (!IsPresent)
        {
            values.Fill(0);
            return;
        }

        if (_hasFactors)
        {
            _compute.Product(_error.Transposed, _input, values);
            Elementwise.Map(values, new Scale(1f / _divisor));
        }

        Parameter.TakeMissingOutOf(values);
        if (_share != 1)
        {
            Elementwise.Map(values, new Scale(_share));
        }
    }

    private Matrix ScaledError(float factor)
    {
        if (_scaledError.Rows < _error.Rows)
        {
            _scaledError = new Matrix(_error.Rows, _error.Columns);
        }

        var scaled = _scaledError.Top(_error.Rows);
        _scaling.Map = new TakeScaled(factor);
        _compute.Map(_scaling, scaled, _error);
        return scaled;
    }

    /// <summary>Made when first wanted: an optimizer that never asks for values never pays for them.</summary>
    private Matrix Buffer()
    {
        if (_values.Rows == 0)
        {
            _values = new Matrix(Parameter.Rows, Parameter.Columns, Parameter.Order);
        }

        return _values;
    }
}
