//! `jingce operator add NAME --may SCOPES --data DIR`, `list`, `remove`

use super::Ending;
use super::ask::Folder;
use super::print::{Table, out};
use crate::trouble::Trouble;
use clap::{Args, Subcommand};
use domain::Lang;
use store::Scope;

/// People who may act.
#[derive(Debug, Args)]
pub(crate) struct OperatorCommand {
    #[command(subcommand)]
    command: Own,
}

#[derive(Debug, Subcommand)]
enum Own {
    /// Adds a person and prints their token, which is shown this once.
    Add(Add),
    /// Lists everybody with what they may do.
    List {
        #[command(flatten)]
        folder: Folder,
    },
    /// Takes a person's token away; what they did stays.
    Remove {
        /// Name.
        name: String,
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Debug, Args)]
struct Add {
    /// Name, as it will stand beside everything the person does.
    name: String,
    /// What they may do, separated by commas: control (ask and control devices), review (propose overrides, set marks),
    /// approve (approve what another proposed), acknowledge (alerts), register (secrets of devices).
    #[arg(long, value_delimiter = ',', required = true, value_parser = ["control", "review", "approve", "acknowledge", "register"])]
    may: Vec<String>,
    #[command(flatten)]
    folder: Folder,
}

pub(crate) fn run(own: &OperatorCommand, lang: Lang) -> Result<Ending, Trouble> {
    match &own.command {
        Own::Add(add) => {
            let data = add.folder.create(lang)?;
            let scopes: Vec<Scope> = add.may.iter().filter_map(|word| Scope::from_code(word)).collect();
            let token = data.store()?.operators().add(&add.name, &scopes)?;
            let said = match lang {
                Lang::Zh => "（令牌只显示这一次，请妥善保存）",
                Lang::En => "(the token is shown this once; keep it safe)",
            };
            eprintln!("{said}");
            out(&format!("{token}\n"))?;
        }
        Own::List { folder } => {
            let data = folder.open(lang)?;
            let mut table = Table::new(&["name", "may"]);
            for operator in data.store()?.operators().list()? {
                let scopes: Vec<&str> = operator.scopes.iter().map(|scope| scope.code()).collect();
                table.rows.push(vec![operator.name, scopes.join(",")]);
            }
            table.print(super::ask::Format::Table)?;
        }
        Own::Remove { name, folder } => {
            let data = folder.open(lang)?;
            if !data.store()?.operators().remove(name)? {
                return Err(Trouble::not_found(
                    "no-such-operator",
                    format!("没有操作员“{name}”。"),
                    format!("there is no operator `{name}`."),
                ));
            }
        }
    }
    Ok(Ending::Done)
}
