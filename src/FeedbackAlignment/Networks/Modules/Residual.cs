using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>A branch and a shortcut around it, y = f(x) + s(x); without a module for the shortcut s(x) is x.</summary>
public sealed class Residual : Module
{
    private readonly Module _branch;
    private readonly Module? _shortcut;

    /// <summary>Puts a shortcut around a branch.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="branch">f.</param>
    /// <param name="shortcut">s; null: the input as it is, which must then have the shape of the branch's outputs.</param>
    /// <exception cref="ArgumentException">The shapes of the two do not fit.</exception>
    public Residual(string name, Module branch, Module? shortcut = null)
        : base(name, Required(branch).From, branch.To)
    {
        var (from, to) = shortcut is null ? (branch.From, branch.From) : (shortcut.From, shortcut.To);
        if (!from.Fits(branch.From) || !to.Fits(branch.To))
        {
            throw new ArgumentException(
                $"{name}: the branch makes {branch.To} of {branch.From}, but the shortcut {to} of {from}; both must be the same",
                    nameof(shortcut));
        }

        (_branch, _shortcut) = (branch, shortcut);
        Children = shortcut is null ? [branch] : [branch, shortcut];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Module> Children { get; }

    /// <inheritdoc/>
    public override string Kind => "residual";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new ResidualRun(
            setup.Begin(_branch), setup.Index.SiteOf(_branch), _shortcut is null ? null : setup.Begin(_shortcut),
                new Matrix(setup.MaxBatch, To.Size), setup.Compute);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: residual {From}-{To}";

    private static Module Required(Module branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        return branch;
    }
}

/// <summary>A residual block in one pass.</summary>
/// <param name="branch">The branch.</param>
/// <param name="site">The site at the branch's outputs, before the sum; −1: there is none.</param>
/// <param name="shortcut">The shortcut; null: the input as it is.</param>
/// <param name="sum">maxBatch × outputs.</param>
/// <param name="compute">Shares the work.</param>
internal sealed class ResidualRun(ModuleRun branch, int site, ModuleRun? shortcut, Matrix sum, Compute compute) : ModuleRun
{
    private readonly PairMap _take = new PairMap<TakeScaled>(new(1)), _add = new PairMap<AddScaled>(new(1));
    private Matrix _aside;

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        branch.Forward(input, mode);
        shortcut?.Forward(input, mode);
        Output = sum.Top(input.Rows);
        compute.Map(_take, Output, branch.Output);
        compute.Map(_add, Output, shortcut?.Output ?? input);
    }

    /// <summary>
    /// Both paths are added in the order branch, shortcut. The error is copied first: modules overwrite what they are given.
    /// </summary>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        if (_aside.Rows == 0)
        {
            _aside = new Matrix(sum.Rows, sum.Columns);
        }

        var aside = _aside.Top(error.Rows);
        compute.Map(_take, aside, error);
        var below = branch.Backward(walk.IsBrought(site) ? walk.Bring(site, branch.Output) : error, walk, isWanted);
        var around = shortcut is null ? aside : shortcut.Backward(aside, walk, isWanted);
        if (isWanted)
        {
            compute.Map(_add, below, around);
        }

        return below;
    }

    /// <inheritdoc/>
    internal override void ReleaseInput()
    {
        branch.ReleaseInput();
        shortcut?.ReleaseInput();
    }
}
