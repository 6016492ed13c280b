namespace FeedbackAlignment.Networks;

/// <summary>A module of a plan before it is made: what its <see cref="ModuleEntry"/> is told.</summary>
public sealed class PlannedModule
{
    private readonly ModuleEntry _entry;
    private readonly IReadOnlyList<double> _arguments;

    /// <param name="entry">Its line in the catalog.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Width of its input.</param>
    /// <param name="arguments">A value for each argument of the entry.</param>
    internal PlannedModule(ModuleEntry entry, string name, int inputs, IReadOnlyList<double> arguments)
        => (_entry, Name, Inputs, _arguments) = (entry, name, inputs, arguments);

    /// <summary>Its name, in files, messages and random streams.</summary>
    public string Name { get; }

    /// <summary>Width of its input: numbers per example.</summary>
    public int Inputs { get; }

    /// <summary>The value of an argument: given in the plan, else its default.</summary>
    /// <param name="argument">One of the entry's arguments.</param>
    /// <exception cref="ArgumentException">The entry has no such argument.</exception>
    public double Argument(ModuleArgument argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        for (var i = 0; i < _arguments.Count; i++)
        {
            if (_entry.Arguments[i].Id == argument.Id)
            {
                return _arguments[i];
            }
        }

        throw new ArgumentException($"the module {_entry.Id} has no argument \"{argument.Id}\"", nameof(argument));
    }
}
