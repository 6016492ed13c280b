using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.OdeSolvers;

namespace FeedbackAlignment.Experiments.Theory;

/// <summary>
/// Feedback alignment in a linear network y = W A x with target T x, x standard normal, all examples at once and η → 0:
/// dW/dt = E Aᵀ, dA/dt = B E with E = T − W A. Time is η times the number of examples.
/// </summary>
/// <param name="target">T, n_out × n_in.</param>
/// <param name="feedback">B, n_hid × n_out.</param>
internal sealed class LinearFlow(Matrix<double> target, Matrix<double> feedback)
{
    private readonly int _outputs = target.RowCount, _hidden = feedback.RowCount, _inputs = target.ColumnCount;

    /// <summary>W = A = 0.</summary>
    public Vector<double> Zero => Vector<double>.Build.Dense(_hidden * (_outputs + _inputs));

    /// <summary>W, n_out × n_hid, then A, n_hid × n_in, each column by column.</summary>
    public static Vector<double> State(Matrix<double> output, Matrix<double> hidden)
        => Vector<double>.Build.Dense([.. output.AsColumnMajorArray() ?? output.ToColumnMajorArray(), .. hidden.AsColumnMajorArray() ?? hidden.ToColumnMajorArray()]);

    /// <summary>W and A of a state.</summary>
    public (Matrix<double> Output, Matrix<double> Hidden) Weights(Vector<double> state)
    {
        var numbers = state.AsArray();
        var split = _outputs * _hidden;
        return (Matrix<double>.Build.Dense(_outputs, _hidden, numbers[..split]), Matrix<double>.Build.Dense(_hidden, _inputs, numbers[split..]));
    }

    /// <summary>E = T − W A.</summary>
    public Matrix<double> Error(Vector<double> state)
    {
        var (output, hidden) = Weights(state);
        return target - output * hidden;
    }

    /// <summary>Fourth-order Runge–Kutta steps: the states from <paramref name="state"/> on, that one included.</summary>
    public Vector<double>[] Integrate(Vector<double> state, double stepSize, int steps)
        => RungeKutta.FourthOrder(state, 0, steps * stepSize, steps + 1, Velocity);

    private Vector<double> Velocity(double time, Vector<double> state)
    {
        var (output, hidden) = Weights(state);
        var error = target - output * hidden;
        return State(error.TransposeAndMultiply(hidden), feedback * error);
    }
}
